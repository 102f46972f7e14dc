# language: sv
Egenskap: En anpassning omprövas före sitt slut, den långtidssjuka får en namngiven huvudansvarig och intyg bevakas
  Källa: S1:202-204 och S1:236 (tidsbegränsat), S2:92-95 (huvudansvar), S4:398 (intyg från andra), S5:149-156 (inlåsning).

  Bakgrund:
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren" med
      | Första dagen | 2026-10-05 |
    Och dagens datum är 2026-10-12

  Scenario: Anpassningen omprövas fjorton dagar före slutet och tar slut om den inte behövs
    Givet att personen har undantag till och med 2026-11-30 och aktiviteterna pausas
    När dagens datum är 2026-11-15
    Så ska ingen uppgift heta "Ompröva anpassningen"
    När dagens datum är 2026-11-16
    Så ska uppgiften "Ompröva anpassningen" ligga hos rollen handlaggare_eb
    När handläggaren slutför "Ompröva anpassningen" med
      | Behöver den fortsätta? | Nej, den kan ta slut |
    Och dagens datum är 2026-11-30
    Så ska placeringarna vara pausad
    När dagens datum är 2026-12-02
    Så ska placeringarna vara anvisad
    Och ska anpassningen ha avslutats 2026-12-01
    Och ska uppgiften "Bestäm kravtimmar" ligga hos rollen handlaggare_eb
    Och ska processen anpassningstid vara avslutad

  Scenario: Läkarintygets slut kommer före anpassningens och styr när den omprövas
    Givet att personen är sjukskriven med intyg till och med 2026-11-09 och undantag till och med 2026-12-31
    När dagens datum är 2026-10-26
    Så ska uppgiften "Ompröva anpassningen" ligga hos rollen handlaggare_eb

  Scenario: En anpassning som behöver fortsätta blir en ny prövning och ett nytt beslut
    Givet att personen är sjukskriven med intyg till och med 2026-11-30 och undantag till och med 2026-11-30
    Och dagens datum är 2026-11-16
    När handläggaren slutför "Ompröva anpassningen" med
      | Behöver den fortsätta?                | Ja         |
      | Nytt slutdatum                        | 2027-01-31 |
      | Hur är det styrkt?                    | Läkarintyg |
      | Sjukskriven, procent av heltid        | 100        |
      | Nytt läkarintyg gäller till och med   | 2027-01-31 |
    Så ska uppgiften "Utred behovet" ligga hos rollen handlaggare_eb
    När handläggaren slutför "Utred behovet" med
      | Vad föreslår du?                  | Helt undantag under en tid |
      | Vad händer med aktiviteterna?     | De pausas, platsen behålls |
    Och beslutsfattaren slutför "Besluta om anpassning" med
      | Beslut              | Beviljas   |
    Så ska ärendet ha anpassningen helt till och med 2027-01-31
    Och ska personen vara sjukskriven sedan 2026-10-12

  Scenario: En omprövning som dröjer går till enhetschefen
    Givet att personen har undantag till och med 2026-11-30 och aktiviteterna pausas
    Och dagens datum är 2026-11-16
    När 8 arbetsdagar har gått
    Så ska uppgiften "Ompröva anpassningen" vara eskalerad
    När enhetschefen slutför "Säkra att uppgiften görs"
    Så ska ingen uppgift heta "Säkra att uppgiften görs"
    Och ska uppgiften "Ompröva anpassningen" ligga hos rollen handlaggare_eb
    När 3 arbetsdagar har gått
    Så ska uppgiften "Säkra att uppgiften görs" ligga hos rollen verksamhetschef_eb
    När 5 arbetsdagar har gått
    Så ska processen eskalering vara avslutad
    Och ska uppgiften "Ompröva anpassningen" ligga hos rollen handlaggare_eb

  Scenario: Den som blir frisk tidigare slutar med anpassningen, och inga timmar höjs av sig själva
    Givet att personen har undantag till och med 2026-11-30 och aktiviteterna pausas
    När handläggaren registrerar "Anpassningen behövs inte längre" med
      | Varför? | Personen är frisk |
    Så ska placeringarna vara anvisad
    Och ska de öppna uppgifterna vara "Bestäm kravtimmar"
    Och ska kravet vara 30 timmar i veckan

  Scenario: Ett längre undantag slutar med att kravet kartläggs på nytt
    Givet att personen har undantag till och med 2026-11-30 och ärendet lämnas tillbaka
    Och handläggaren slutför "Ta ställning till återlämningen" med
      | Hur går vi vidare? | Ärendet stannar i socialtjänsten |
    Och dagens datum är 2026-11-16
    Och handläggaren slutför "Ompröva anpassningen" med
      | Behöver den fortsätta? | Nej, den kan ta slut |
    När dagens datum är 2026-12-02
    Så ska uppgiften "Kartlägg situationen" ligga hos rollen handlaggare_eb
    Och ska processen anpassningstid vara avslutad

  Scenario: Den som har varit sjuk länge får en namngiven aktör med huvudansvaret
    Givet att personen är sjukskriven med intyg till och med 2027-02-28 och undantag till och med 2027-02-28
    När dagens datum är 2027-01-09
    Så ska ingen uppgift heta "Utse aktör med huvudansvar"
    När dagens datum är 2027-01-11
    Och handläggaren slutför "Utse aktör med huvudansvar" med
      | Vem har huvudansvaret?                           | Regionen |
      | Namn på kontaktperson                            | Dr Ada Testsson |
      | Finns risk att personen blir kvar utan insatser? | Nej |
    Så ska Dr Ada Testsson hos region ha huvudansvaret
    Och ska ingen uppgift heta "Ta ställning till risken"

  Scenario: Risk för inlåsning lyfts till enhetschefen
    Givet att personen är sjukskriven med intyg till och med 2027-02-28 och undantag till och med 2027-02-28
    Och dagens datum är 2027-01-11
    När handläggaren slutför "Utse aktör med huvudansvar" med
      | Vem har huvudansvaret?                           | Försäkringskassan |
      | Namn på kontaktperson                            | Bo Testman |
      | Finns risk att personen blir kvar utan insatser? | Ja |
    Så ska uppgiften "Ta ställning till risken" ligga hos rollen enhetschef_eb
    När enhetschefen slutför "Ta ställning till risken" med
      | Vad görs? | Insats genom samordningsförbundet |
    Så ska ingen uppgift heta "Ta ställning till risken"
    Och ska processen anpassningstid pågå

  Scenario: Intyg som flera ska lämna bevakas tills alla har kommit
    Givet att personen har undantag till och med 2026-12-31 och väntar på Läkarintyg; Beslut från Försäkringskassan
    När registratorn registrerar "Intyg inkom" med
      | Vilket?              | Läkarintyg |
      | Kom in               | 2026-10-20 |
      | Gäller till och med  | 2026-12-31 |
    Så ska intygen vara har lakarintyg och väntar fk_beslut
    När handläggaren registrerar "Intyg inkom" med
      | Vilket?              | Beslut från Försäkringskassan |
      | Kom in               | 2026-10-21 |
    Så ska intygen vara har lakarintyg och har fk_beslut
    Och ska inga uppgifter vara öppna

  Scenario: Ett intyg som dröjer efterfrågas, och anpassningen gäller under tiden
    Givet att personen har undantag till och med 2026-12-31 och väntar på Läkarintyg
    När 21 dagar har gått
    Så ska uppgiften "Efterfråga intyget" ligga hos rollen handlaggare_eb
    Och ska ärendet ha anpassningen helt till och med 2026-12-31
    När handläggaren slutför "Efterfråga intyget" med
      | Vad gör du? | Har påmint, vi väntar vidare |
    Så ska ingen uppgift heta "Efterfråga intyget"
    När 21 dagar har gått
    Och handläggaren slutför "Efterfråga intyget" med
      | Vad gör du? | Intyget behövs inte längre |
    Och 21 dagar har gått
    Så ska ingen uppgift heta "Efterfråga intyget"

  Scenario: Kravet upphör och bevakningen slutar
    Givet att personen har undantag till och med 2026-11-30 och aktiviteterna pausas
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska processen anpassningstid vara avslutad
    Och ska anpassningen ha avslutats 2026-10-12

  Scenario: En ny anpassning avlöser den gamla bevakningen
    Givet att personen har undantag till och med 2026-11-30 och aktiviteterna pausas
    Och att personen har undantag till och med 2026-12-31 och väntar på Läkarintyg
    När dagens datum är 2026-11-17
    Så ska ingen uppgift heta "Ompröva anpassningen"
