# language: sv
Egenskap: Varje månadsbeslut avgör om aktivitetskravet gäller
  Källa: S1:69-71 och S2:45-47 (minst tre sammanhängande månader, räknat per person), S4:323 (beslut varje månad).
  Antalet månader är parametrarna krav_efter_manader och forberedelse_vid_manader; vad som bryter kedjan är brytmanader
  och neka_bryter_inte.

  Scenario: En första månad med bistånd ändrar ingenting
    När biståndsbeslut kommer för 2026-07
    Så ska ärendet ha kravstatus ej_intratt
    Och ska processen manadsbeslut pågå
    Och ska inga uppgifter vara öppna
    Och ska inga fel finnas

  Scenario: Två månader i rad startar förberedelsen
    När biståndsbeslut kommer månadsvis från 2026-07 till 2026-08
    Så ska ärendet ha kravstatus forberedelse
    Och ska de öppna uppgifterna vara "Kartlägg situationen"
    Och ska inget brev ha skickats

  Scenario: Tredje sammanhängande månaden gör att kravet gäller
    När biståndsbeslut kommer månadsvis från 2026-07 till 2026-09
    Så ska ärendet ha kravstatus galler
    Och ska inga fel finnas

  Scenario: Månader före lagens ikraftträdande räknas inte
    När biståndsbeslut kommer för 2026-05
    Och biståndsbeslut kommer för 2026-06
    Och biståndsbeslut kommer för 2026-07
    Så ska ärendet ha kravstatus ej_intratt

  Scenario: Ett avslag under förberedelsen bryter räknaren
    När biståndsbeslut kommer månadsvis från 2026-07 till 2026-08
    Och biståndsbeslut kommer för 2026-09 med utfall avslag
    Så ska ärendet ha kravstatus ej_intratt
    Och ska processen kravintrade vara avslutad
    Och ska inga uppgifter vara öppna
    Och ska inget brev ha skickats

  Scenario: En månad som nekats på grund av en avvikelse bryter inte kedjan
    När biståndsbeslut kommer månadsvis från 2026-07 till 2026-08
    Och biståndsbeslut kommer för 2026-09 med utfall nekad
    Och biståndsbeslut kommer för 2026-10
    Så ska ärendet ha kravstatus galler

  Scenario: Ett avslag när kravet gäller gör att det upphör och att personen får veta det
    När biståndsbeslut kommer månadsvis från 2026-07 till 2026-09
    Och biståndsbeslut kommer för 2026-10 med utfall avslag
    Så ska ärendet ha kravstatus ej_intratt
    Och ska breven vara krav_upphor
    Och ska de öppna uppgifterna vara "Bedöm avslutet"

  Scenario: Utan ny ansökan upphör kravet när nästa månad har gått
    Givet att biståndsbeslut kommer månadsvis från 2026-07 till 2026-09
    När 1 månad har gått
    Så ska ärendet ha kravstatus galler
    När 2 månader har gått
    Så ska ärendet ha kravstatus ej_intratt
    Och ska breven vara krav_upphor
    Och ska processen manadsbeslut vara avslutad

  Scenario: Kommer nästa månads beslut i tid slutar bevakningen
    Givet biståndsbeslut kommer månadsvis från 2026-07 till 2026-10
    När dagens datum är 2026-10-30
    Så ska ärendet ha kravstatus galler
    Och ska inget brev ha skickats

  Scenario: Ett beslut som handläggaren skriver in räknas som ett importerat
    Givet biståndsbeslut kommer för 2026-07
    När handläggaren registrerar "Biståndsbeslut fattat" med
      | Stödmånad           | 2026-08    |
      | Utfall              | Bifall     |
      | Försörjningshinder  | Arbetslös  |
      | Beslutsdatum        | 2026-08-03 |
      | Beslutets referens  | EB-77      |
    Så ska ärendet ha kravstatus forberedelse

  Scenario: En rättelse som inte ändrar något läge kräver ingen människa
    Givet biståndsbeslut kommer för 2026-07
    När ett rättat biståndsbeslut kommer för 2026-07 med utfall avslag
    Så ska ärendet ha kravstatus ej_intratt
    Och ska inga uppgifter vara öppna

  Scenario: En rättelse av det som har startat blir en uppgift för en människa
    Givet biståndsbeslut kommer månadsvis från 2026-07 till 2026-09
    När ett rättat biståndsbeslut kommer för 2026-08 med utfall avslag
    Så ska uppgiften "Ta ställning till rättelsen" ligga hos rollen handlaggare_eb
    Och ska ärendet ha kravstatus galler
    Och ska uppgiften "Ta ställning till rättelsen" förfalla 2026-09-08

  Scenario: Rättelsen genomförs och kravet upphör
    Givet biståndsbeslut kommer månadsvis från 2026-07 till 2026-09
    Och ett rättat biståndsbeslut kommer för 2026-08 med utfall avslag
    När handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska ärendet ha kravstatus ej_intratt
    Och ska breven vara krav_upphor

  Scenario: Rättelsen läggs åt sidan och allt fortsätter
    Givet biståndsbeslut kommer månadsvis från 2026-07 till 2026-09
    Och ett rättat biståndsbeslut kommer för 2026-08 med utfall avslag
    När handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Låt läget vara som det är |
    Så ska ärendet ha kravstatus galler
    Och ska uppgiften "Kartlägg situationen" ligga hos rollen handlaggare_eb
