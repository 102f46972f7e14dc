# language: sv
Egenskap: En begäran om undantag eller anpassning utreds lätt, beslutas av en människa och är alltid tidsbegränsad
  Källa: S4:398 (utan alltför omfattande dokumentation, hindret ska vara troligt), S1:76-77, S1:202-204, S5:173-178.

  Bakgrund:
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren" med
      | Första dagen | 2026-10-05 |
    Och dagens datum är 2026-10-12
    Och biståndsbesluten slutar komma

  Scenario: Den som är sjukskriven på heltid undantas, aktiviteterna pausas och personen får beslutet
    När handläggaren registrerar "Anpassning begärd" med
      | Varifrån kommer det?              | Ett intyg  |
      | Skäl                              | Sjukdom    |
      | Hur mycket?                       | Klarar inget just nu |
      | Från och med                      | 2026-10-12 |
      | Till och med                      | 2026-11-30 |
      | Hur är det styrkt?                | Läkarintyg |
      | Sjukskriven, procent av heltid    | 100        |
      | Läkarintyget gäller till och med  | 2026-11-30 |
      | Intyg som andra ska lämna         |            |
    Så ska de öppna uppgifterna vara "Utred behovet"
    Och ska tabellen föreslå helt
    Och ska processen anpassning ha begardTill = date("2026-11-30")
    När handläggaren slutför "Utred behovet" med
      | Vad föreslår du?                  | Helt undantag under en tid |
      | Till och med                      | 2026-11-30 |
      | Vad händer med aktiviteterna?     | De pausas, platsen behålls |
    Så ska processen anpassning ha foreslagetTill = date("2026-11-30")
    När beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut              | Beviljas   |
      | Gäller till och med | 2026-11-30 |
    Så ska ärendet ha anpassningen helt till och med 2026-11-30
    Och ska placeringarna vara pausad
    Och ska besluten vara plan beslutad och anpassning beviljas
    Och ska senaste brevet säga "undantagen från aktivitetskravet till och med 2026-11-30"
    Och ska processen anpassningstid pågå
    Och ska inga uppgifter vara öppna

  Scenario: Tid som pausas räknas varken som närvaro eller frånvaro
    Givet att personen har undantag till och med 2026-11-30 och aktiviteterna pausas
    När dagens datum är 2026-11-06
    Och konsulenten slutför "Komplettera närvaron"
    Så ska underlaget för 2026-10 ha 5 pass som inte är bedömda
    Och ska ärendet inte ha någon avvikelse

  Scenario: En enklare prövning räcker när hindret är troligt, och intyget kan komma senare
    När handläggaren registrerar "Anpassning begärd" med
      | Skäl                              | Sociala skäl |
      | Hur mycket?                       | Klarar inget just nu |
      | Från och med                      | 2026-10-12 |
      | Till och med                      | 2026-10-30 |
      | Hur är det styrkt?                | Troligt efter samtal |
      | Intyg som andra ska lämna         | Annat intyg |
    Och handläggaren slutför "Utred behovet" med
      | Vad föreslår du?                  | Helt undantag under en tid |
      | Vad händer med aktiviteterna?     | De fortsätter frivilligt, utan krav |
      | Vill personen ändå ha en insats?  | Ja, genom samordningsförbundet |
    Och beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut              | Beviljas   |
    Så ska ärendet ha anpassningen helt till och med 2026-10-30
    Och ska anpassningens frivilliga insats vara samordningsforbund
    Och ska anpassningen vara styrkt som troligt
    Och ska intygen vara väntar annat
    Och ska placeringarna vara anvisad

  Scenario: Den som är sjukskriven på deltid får färre timmar och planen omprövas
    När konsulenten registrerar "Anpassning begärd" med
      | Skäl                              | Sjukdom    |
      | Hur mycket?                       | Klarar en del |
      | Från och med                      | 2026-10-12 |
      | Till och med                      | 2026-11-30 |
      | Hur är det styrkt?                | Läkarintyg |
      | Sjukskriven, procent av heltid    | 50         |
    Så ska tabellen föreslå 15 timmar
    När handläggaren slutför "Utred behovet" med
      | Vad föreslår du?                  | Färre timmar |
      | Timmar i veckan under tiden       | 15 |
      | Vad händer med aktiviteterna?     | Planen omprövas |
    Och beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut              | Beviljas   |
    Så ska kravet vara 15 timmar i veckan
    Och ska de öppna uppgifterna vara "Ompröva planen"
    Och ska senaste brevet säga "15 timmar i veckan"

  Scenario: Vid ett längre undantag lämnas ärendet tillbaka och platsen blir fri
    När handläggaren registrerar "Anpassning begärd" med
      | Skäl                              | Föräldraledighet |
      | Hur mycket?                       | Klarar inget just nu |
      | Från och med                      | 2026-10-12 |
      | Till och med                      | 2027-01-10 |
    Och handläggaren slutför "Utred behovet" med
      | Vad föreslår du?                  | Helt undantag under en tid |
      | Vad händer med aktiviteterna?     | Ärendet lämnas tillbaka från arbetsmarknadssidan |
    Och beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut              | Beviljas   |
    Så ska placeringarna vara avslutad
    Och ska konsulenten inte se ärendet
    Och ska processen uppfoljning vara avslutad
    Och ska de öppna uppgifterna vara "Ta ställning till återlämningen"

  Scenario: Den som ännu kartläggs har inget att lämna tillbaka, och kartläggs inte två gånger
    Givet att det gäller en annan person
    Och biståndsbeslut kommer månadsvis från 2026-07 till 2026-09
    Och handläggaren slutför "Kartlägg situationen"
    När handläggaren registrerar "Anpassning begärd" med
      | Skäl                              | Föräldraledighet |
      | Hur mycket?                       | Klarar inget just nu |
      | Från och med                      | 2026-10-12 |
      | Till och med                      | 2026-11-30 |
    Och handläggaren slutför "Utred behovet" med
      | Vad föreslår du?                  | Helt undantag under en tid |
      | Vad händer med aktiviteterna?     | Ärendet lämnas tillbaka från arbetsmarknadssidan |
    Och beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut              | Beviljas   |
    Så ska de öppna uppgifterna vara "Bedöm förmåga och omfattning"
    När handläggaren registrerar "Anpassningen behövs inte längre" med
      | Varför? | Annat |
    Så ska processen anpassningstid vara avslutad
    Och ska ingen uppgift heta "Kartlägg situationen"
    Och ska processen kravintrade pågå

  Scenario: Aktiviteten anpassas men fortsätter
    När handläggaren registrerar "Anpassning begärd" med
      | Skäl                              | Funktionsnedsättning |
      | Hur mycket?                       | Klarar en del |
      | Från och med                      | 2026-10-12 |
      | Till och med                      | 2026-12-30 |
    Så ska tabellen föreslå samordning
    När handläggaren slutför "Utred behovet" med
      | Vad föreslår du?                  | Anpassad aktivitet, samma timmar |
      | Vad händer med aktiviteterna?     | De fortsätter som förut |
    Och beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut              | Beviljas   |
    Så ska placeringarna vara anvisad
    Och ska kravet vara 30 timmar i veckan

  Scenario: Beslutsfattaren vill veta mer
    Givet att personen har begärt undantag till och med 2026-11-30
    Och handläggaren slutför "Utred behovet"
    När beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut | Utred mer |
    Så ska de öppna uppgifterna vara "Utred behovet"
    Och ska inget beslut om anpassning ha fattats

  Scenario: Ett avslag får överklagas och står fast om ingen gör det
    Givet att personen har begärt undantag till och med 2026-11-30
    Och handläggaren slutför "Utred behovet" med
      | Vad föreslår du? | Ingen anpassning |
    När beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut | Avslås |
    Så ska senaste brevet säga "Vi ändrar inte aktivitetskravet för dig"
    Och ska processen anpassning pågå
    När 6 veckor har gått
    Så ska processen anpassning vara avslutad
    Och ska processen anpassningstid inte ha startat

  Scenario: Ett överklagat avslag som vi ändrar blir en ny prövning
    Givet att personen har begärt undantag till och med 2026-11-30
    Och handläggaren slutför "Utred behovet" med
      | Vad föreslår du? | Ingen anpassning |
    Och beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut | Avslås |
    När handläggaren registrerar "Överklagande inkom"
    Och handläggaren slutför "Pröva om det kom i tid"
    Och beslutsfattaren slutför "Ompröva beslutet" med
      | Ändras beslutet? | Ja, till personens fördel |
    Så ska de öppna uppgifterna vara "Utred behovet"
    Och ska senaste brevet säga "om undantag eller anpassning"

  Scenario: En dom som går personens väg blir en ny prövning
    Givet att personen har begärt undantag till och med 2026-11-30
    Och handläggaren slutför "Utred behovet" med
      | Vad föreslår du? | Ingen anpassning |
    Och beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut | Avslås |
    När handläggaren registrerar "Överklagande inkom"
    Och handläggaren slutför "Pröva om det kom i tid"
    Och beslutsfattaren slutför "Ompröva beslutet"
    Och handläggaren slutför "Överlämna till förvaltningsrätten"
    Och registratorn registrerar "Dom inkom" med
      | Utfall | Bifall |
    Och handläggaren slutför "Verkställ domen"
    Så ska de öppna uppgifterna vara "Utred behovet"

  Scenario: Den som har utrett behovet får inte själv avslå
    Givet att personen har begärt undantag till och med 2026-11-30
    Och handläggaren slutför "Utred behovet" med
      | Vad föreslår du? | Ingen anpassning |
    Och Eva är den som har utrett behovet
    Så får Eva inte avslå "Besluta om anpassning" eftersom den som har utrett behovet får inte själv avslå
    Och ska inget beslut om anpassning ha fattats

  Scenario: Det som utredningen inte föreslår går inte att bevilja
    Givet att personen har begärt undantag till och med 2026-11-30
    Och handläggaren slutför "Utred behovet" med
      | Vad föreslår du? | Ingen anpassning |
    Så får Birgitta inte slutföra "Besluta om anpassning" eftersom utredningen föreslår ingen anpassning

  Scenario: En iakttagelse som inte leder till något behöver inget beslut
    När konsulenten registrerar "Anpassning begärd" med
      | Varifrån kommer det? | Något vi har sett |
      | Skäl                 | Annat |
      | Från och med         | 2026-10-12 |
      | Till och med         | 2026-10-30 |
    Så ska tabellen föreslå utred
    När handläggaren slutför "Utred behovet" med
      | Vad föreslår du?     | Ingen anpassning |
    Så ska processen anpassning vara avslutad
    Och ska inget beslut om anpassning ha fattats

  Scenario: En utredning som dröjer blir en uppgift för enhetschefen bredvid handläggarens
    Givet att personen har begärt undantag till och med 2026-11-30
    När 8 arbetsdagar har gått
    Så ska de öppna uppgifterna vara "Utred behovet" och "Säkra att uppgiften görs"
    Och ska uppgiften "Utred behovet" vara eskalerad
    När enhetschefen slutför "Säkra att uppgiften görs"
    Så ska de öppna uppgifterna vara "Utred behovet"
    När handläggaren slutför "Utred behovet" med
      | Vad föreslår du? | Helt undantag under en tid |
    Så ska processen eskalering vara avslutad
    Och ska de öppna uppgifterna vara "Besluta om anpassning"

  Scenario: Kravet upphör medan behovet utreds
    Givet att personen har begärt undantag till och med 2026-11-30
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska processen anpassning vara avslutad
    Och ska ingen uppgift heta "Utred behovet"

  Scenario: Kravet upphör innan beslutet om anpassning hann fattas
    Givet att personen har begärt undantag till och med 2026-11-30
    Och handläggaren slutför "Utred behovet" med
      | Vad föreslår du? | Helt undantag under en tid |
    Och ska uppgiften "Besluta om anpassning" ligga hos rollen beslutsfattare
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska ingen uppgift heta "Besluta om anpassning"
    Och ska processen anpassning vara avslutad
    Och ska inget beslut om anpassning ha fattats
    Och ska historien säga att "Kravet upphör" inträffade, med orsak

  Scenario: Gäller inget krav finns inget att anpassa
    Givet att det gäller en annan person
    Och biståndsbeslut kommer för 2026-10
    När handläggaren registrerar "Anpassning begärd"
    Så ska processen anpassning vara avslutad
    Och ska inga uppgifter vara öppna

  Scenario: En anpassning som börjar längre fram får verkan från sin första dag
    När handläggaren registrerar "Anpassning begärd" med
      | Skäl                              | Vård av närstående |
      | Hur mycket?                       | Klarar inget just nu |
      | Från och med                      | 2026-11-02 |
      | Till och med                      | 2026-11-20 |
    Och handläggaren slutför "Utred behovet" med
      | Vad föreslår du?                  | Helt undantag under en tid |
      | Vad händer med aktiviteterna?     | De pausas, platsen behålls |
    Och beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut              | Beviljas   |
    Så ska senaste brevet säga "undantagen från aktivitetskravet"
    Och ska placeringarna vara anvisad
    När dagens datum är 2026-11-03
    Så ska placeringarna vara pausad

  Scenario: Kravet upphör innan en beviljad anpassning hann börja
    Givet handläggaren registrerar "Anpassning begärd" med
      | Skäl                              | Vård av närstående |
      | Hur mycket?                       | Klarar inget just nu |
      | Från och med                      | 2026-11-02 |
      | Till och med                      | 2026-11-20 |
    Och handläggaren slutför "Utred behovet" med
      | Vad föreslår du?                  | Helt undantag under en tid |
      | Vad händer med aktiviteterna?     | De pausas, platsen behålls |
    Och beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut              | Beviljas   |
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Och dagens datum är 2026-11-03
    Så ska ärendet inte ha någon anpassning
    Och ska historien säga att "Kravet upphör" inträffade, med orsak
    Och ska besluten vara plan beslutad och anpassning beviljas

  Scenario: Ett nytt beslut ersätter det äldre, så att bara en anpassning gäller
    Givet att personen har undantag till och med 2026-11-30 och aktiviteterna pausas
    När handläggaren registrerar "Anpassning begärd" med
      | Skäl                              | Barnomsorg saknas |
      | Hur mycket?                       | Klarar inget just nu |
      | Från och med                      | 2026-10-12 |
      | Till och med                      | 2026-12-20 |
    Och handläggaren slutför "Utred behovet" med
      | Vad föreslår du?                  | Helt undantag under en tid |
      | Vad händer med aktiviteterna?     | De pausas, platsen behålls |
    Och beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut              | Beviljas   |
    Så ska ärendet ha anpassningen helt till och med 2026-12-20
    Och ska en anpassning vara avslutad för att den blev ersatt
