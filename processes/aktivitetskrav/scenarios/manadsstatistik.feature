# language: sv
Egenskap: Månadens statistik lämnas i tid
  Källa: HSLF-FS 2015:30 (månadsstatistik om ekonomiskt bistånd), S4:116 (försörjningshinder). Inga personer visas.

  Bakgrund:
    Givet att biståndsbeslut kommer månadsvis från 2026-09 till 2026-10
    Och att det gäller processen manadsstatistik
    Och att dagens datum är 2026-11-02

  Scenario: Månaden sammanställs, kontrolleras och lämnas
    Så ska de öppna uppgifterna vara "Kontrollera statistiken"
    Och ska controllern se uppgiften "Kontrollera statistiken"
    Och ska rapporten socialstyrelsen 2026-10 finnas i version 1
    Och ska rapporten socialstyrelsen 2026-10 ha 1 mottagare med hinder arbetslos
    Och ska uppgiften "Kontrollera statistiken" visa "Arbetslös: färre än 5"
    När controllern slutför "Kontrollera statistiken"
    Så ska rapporten socialstyrelsen 2026-10 ha en fil som säger "hinder;arbetslos;Arbetslös;mottagare;1"
    När controllern slutför "Lämna statistiken" med
      | Lämnad den                   | idag     |
      | Kvittens eller ärendenummer  | SOS-4711 |
    Så ska rapporten socialstyrelsen 2026-10 ha kvittensen SOS-4711
    Och ska processen manadsstatistik vara avslutad

  Scenario: En rättelse ger en ny version och den gamla står kvar
    När controllern slutför "Kontrollera statistiken" med
      | Stämmer statistiken? | Nej, något behöver rättas |
      | Kommentar            | Två hinder är fel kodade  |
    Och controllern slutför "Rätta uppgifterna" med
      | Vad har rättats? | Hinder i två ärenden |
    Så ska de öppna uppgifterna vara "Kontrollera statistiken"
    Och ska rapporten socialstyrelsen 2026-10 finnas i version 2

  Scenario: Kontrollen dröjer och eskaleras före sista dagen
    När dagens datum är 2026-11-11
    Så ska uppgiften "Kontrollera statistiken" vara eskalerad
    Och ska processen eskalering pågå

  Scenario: Lämnandet dröjer och eskaleras, men när statistiken är lämnad slutar allt
    Givet controllern slutför "Kontrollera statistiken"
    När dagens datum är 2026-11-11
    Så ska uppgiften "Lämna statistiken" vara eskalerad
    När controllern slutför "Lämna statistiken"
    Så ska processen eskalering vara avslutad
    Och ska processen manadsstatistik vara avslutad
    Och ska inga uppgifter vara öppna

  Scenario: Alla led har fått veta och statistiken är fortfarande inte kontrollerad
    När dagens datum är 2026-11-11
    Och 12 arbetsdagar har gått
    Så ska processen eskalering vara avslutad
    Och ska de öppna uppgifterna vara "Kontrollera statistiken"
    Och ska inga fel finnas
