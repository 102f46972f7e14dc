# language: sv
Egenskap: Ett ärende avslutas med samtal, på ett känt skäl och utan att något blir hängande
  Källa: S1:238-241 (mätbara resultat: arbete, studier, andra insatser), S4:190, S1:73-75 (deltid).

  Bakgrund:
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren" med
      | Första dagen | 2026-10-05 |
    Och dagens datum är 2026-10-12
    Och biståndsbesluten slutar komma

  Scenario: Den som får arbete avslutas efter ett samtal
    När handläggaren registrerar "Avslut begärt" med
      | Grund              | Arbete, försörjer sig |
      | Från vilket datum? | 2026-10-31 |
    Så ska de öppna uppgifterna vara "Håll avslutssamtal"
    När handläggaren slutför "Håll avslutssamtal" med
      | Samtalet | Hållet |
    Så ska ärendet ha avslutet arbete med utfallskoden arbete
    Och ska ärendet få gallras 2031-10-28
    Och ska placeringarna vara avslutad
    Och ska konsulenten inte se ärendet
    Och ska processen uppfoljning vara avslutad
    Och ska ärendet ha kravstatus ej_intratt
    Och ska senaste brevet säga "avslutar ditt ärende från och med 2026-10-31"
    Och ska processen utfallsuppfoljning pågå
    Och ska inga uppgifter vara öppna

  Scenario: Arbete på deltid avslutar inte utan ändrar kravtimmarna
    När handläggaren registrerar "Avslut begärt" med
      | Grund                     | Arbete på deltid |
      | Från vilket datum?        | 2026-10-15 |
      | Arbete, timmar per vecka  | 20 |
    Så ska de öppna uppgifterna vara "Bestäm kravtimmar"
    Och ska processen sysselsattning ha kravtimmarForslag = 20
    Och ska processen avslut vara avslutad
    Och ska ärendet inte vara avslutat

  Scenario: Den som inte kan delta under överskådlig tid undantas med omprövning
    När handläggaren registrerar "Avslut begärt" med
      | Grund              | Varaktigt undantag |
      | Från vilket datum? | 2026-10-15 |
    Så ska de öppna uppgifterna vara "Utred behovet"
    Och ska ärendet inte vara avslutat

  Scenario: När någon har avlidit avbryts allt och inget brev skickas
    Givet konsulenten registrerar "Avvikelse upptäckt" med
      | Vad har hänt? | Har uteblivit |
      | Från och med  | 2026-10-08    |
      | Till och med  | 2026-10-08    |
      | Stödmånad     | 2026-10       |
    Och ska de öppna uppgifterna vara "Beskriv vad som hänt"
    När handläggaren registrerar "Avslut begärt" med
      | Grund              | Avliden |
      | Från vilket datum? | 2026-10-11 |
    Så ska inga uppgifter vara öppna
    Och ska ärendet ha avslutet avliden med utfallskoden avliden
    Och ska breven vara krav_intrader, planbeslut och anvisning
    Och ska placeringarna vara avslutad
    Och ska processen avvikelse vara avslutad
    Och ska ärendet vara stängt
    Och ska historien vara hel

  Scenario: Dör personen medan ett annat avslut pågår avbryts det
    Givet handläggaren registrerar "Avslut begärt" med
      | Grund              | Studier |
      | Från vilket datum? | 2026-10-31 |
    När handläggaren registrerar "Avslut begärt" med
      | Grund              | Avliden |
      | Från vilket datum? | 2026-10-11 |
    Så ska inga uppgifter vara öppna
    Och ska ärendet ha avslutet avliden med utfallskoden avliden
    Och ska ärendet vara stängt

  Scenario: Kravet upphör när ansökningarna slutar, och handläggaren tar reda på varför
    När ärendet har kommit till "Bedöm avslutet"
    Och handläggaren slutför "Bedöm avslutet" med
      | Ska ärendet avslutas? | Ja |
      | Grund                 | Har slutat ansöka |
      | Från vilket datum?    | idag |
    Och handläggaren slutför "Håll avslutssamtal" med
      | Samtalet | Personen gick inte att nå |
    Så ska ärendet ha avslutet upphort_ansoka med utfallskoden okand
    Och ska inga uppgifter vara öppna

  Scenario: Ärendet kan fortsätta fast kravet har upphört
    När ärendet har kommit till "Bedöm avslutet"
    Och handläggaren slutför "Bedöm avslutet" med
      | Ska ärendet avslutas? | Nej, ärendet fortsätter |
    Så ska processen avslut vara avslutad
    Och ska ärendet inte vara avslutat

  Scenario: En rättelse som gör att kravet upphör är ingen grund att avsluta
    Givet biståndsbeslut kommer för 2026-10
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska processen avslut vara avslutad
    Och ska inga uppgifter vara öppna
    Och ska ärendet inte vara avslutat

  Scenario: Omprövningen leder till avslut
    Givet konsulenten registrerar "Omprövning krävs"
    När handläggaren slutför "Ompröva planen" med
      | Utfall | Avsluta aktiviteterna |
    Så ska de öppna uppgifterna vara "Bedöm avslutet"

  Scenario: Att kravet upphör medan avslutet pågår startar inget nytt avslut
    Givet handläggaren registrerar "Avslut begärt" med
      | Grund              | Studier |
      | Från vilket datum? | 2026-10-31 |
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska de öppna uppgifterna vara "Håll avslutssamtal"

  Scenario: Ett avslut till behövs inte när ett redan pågår
    Givet handläggaren registrerar "Avslut begärt" med
      | Grund              | Studier |
    När handläggaren registrerar "Avslut begärt" med
      | Grund              | Flyttat från kommunen |
    Så ska de öppna uppgifterna vara "Håll avslutssamtal"
