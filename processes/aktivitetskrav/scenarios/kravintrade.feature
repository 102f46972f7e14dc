# language: sv
Egenskap: När kravet närmar sig kartläggs personen, och kravets omfattning bestäms
  Källa: S1:73-77 (timmarna anpassas), S1:289-291 (korta ledtider), S4:398 (undantag utan tung dokumentation).

  Scenario: Förberedelsen börjar före tredje månaden och väntar på att kravet inträder
    Givet biståndsbeslut kommer månadsvis från 2026-07 till 2026-08
    När handläggaren slutför "Kartlägg situationen"
    Och handläggaren slutför "Bedöm förmåga och omfattning"
    Så ska inga uppgifter vara öppna
    Och ska processen overlamning inte ha startat
    När biståndsbeslut kommer för 2026-09
    Så ska breven vara krav_intrader
    Och ska de öppna uppgifterna vara "Gör behovsbedömning"
    Och ska processen kravintrade vara avslutad

  Scenario: Timmarna minskas för arbete, studier och små barn
    Givet biståndsbeslut kommer månadsvis från 2026-07 till 2026-09
    När handläggaren slutför "Kartlägg situationen" med
      | Arbete                                          | 8  |
      | Studier, till exempel sfi eller komvux          | 6  |
      | Det finns barn under åldersgränsen i hushållet  | Ja |
    Så ska processen kravintrade ha kravtimmarForslag = 16
    När handläggaren slutför "Bedöm förmåga och omfattning" med
      | Kravtimmar | 16 |
    Så ska kravet vara 16 timmar i veckan

  Scenario: Kravet har redan inträtt när kartläggningen börjar
    Givet biståndsbeslut kommer för 2026-09
    Och biståndsbeslut kommer för 2026-08
    Och biståndsbeslut kommer för 2026-07
    Så ska ärendet ha kravstatus galler
    När handläggaren slutför "Kartlägg situationen"
    Och handläggaren slutför "Bedöm förmåga och omfattning"
    Så ska de öppna uppgifterna vara "Gör behovsbedömning"

  Scenario: Komvux och insatser genom samordningsförbund räknas, med slag och hur de är styrkta
    Givet biståndsbeslut kommer månadsvis från 2026-07 till 2026-09
    När handläggaren slutför "Kartlägg situationen" med
      | Studier, till exempel sfi eller komvux    | 10                              |
      | Vad studerar personen?                    | Komvux på grundläggande nivå    |
      | Hur är studierna styrkta?                 | Intyg eller antagningsbesked    |
      | Annan sysselsättning                      | 6                               |
      | Vad är den andra sysselsättningen?        | Insats genom samordningsförbund |
      | Hur är den andra sysselsättningen styrkt? | Uppgift från den som ordnar insatsen |
    Så ska processen kravintrade ha kravtimmarForslag = 24
    När handläggaren slutför "Bedöm förmåga och omfattning"
    Så ska kartläggningen säga studieform komvux_grund
    Och ska kartläggningen säga studierStyrkta intyg
    Och ska kartläggningen säga ovrigSysselsattning samordningsforbund

  Scenario: En bedömning som dröjer blir en uppgift för enhetschefen bredvid handläggarens
    Givet biståndsbeslut kommer månadsvis från 2026-07 till 2026-08
    Och handläggaren slutför "Kartlägg situationen"
    När 10 arbetsdagar har gått
    Så ska de öppna uppgifterna vara "Bedöm förmåga och omfattning"
    När 1 arbetsdag har gått
    Så ska uppgiften "Bedöm förmåga och omfattning" vara eskalerad
    Och ska påminnelserna gälla "Bedöm förmåga och omfattning"
    Och ska de öppna uppgifterna vara "Bedöm förmåga och omfattning"
    När 2 arbetsdagar har gått
    Så ska de öppna uppgifterna vara "Bedöm förmåga och omfattning" och "Säkra att uppgiften görs"
    När enhetschefen slutför "Säkra att uppgiften görs" med
      | Vad gör du? | Påminner |
    Så ska de öppna uppgifterna vara "Bedöm förmåga och omfattning"
    När handläggaren slutför "Bedöm förmåga och omfattning"
    Så ska processen eskalering vara avslutad

  Scenario: Den som undantas helt får beslut och brev, och kravet prövas på nytt när undantaget går ut
    Givet att ärendet har kommit till "Bedöm förmåga och omfattning"
    När handläggaren slutför "Bedöm förmåga och omfattning" med
      | Ska personen undantas från kravet? | Ja, helt under en tid |
      | Skäl                               | Hälsa                 |
      | Till och med                       | 2026-11-30            |
      | Kravtimmar                         | 0                     |
    Och dagens datum är 2026-09-10
    Och beslutsfattaren slutför "Besluta om undantag" med
      | Beslut               | Undantaget beviljas |
      | Gäller till och med  | 2026-11-30          |
    Så ska breven vara undantag
    Och ska besluten vara undantag beviljas
    Och ska inga uppgifter vara öppna
    När dagens datum är 2026-12-02
    Så ska de öppna uppgifterna vara "Kartlägg situationen"
    Och ska ärendet ha kravstatus galler

  Scenario: Undantaget gäller hela sin sista dag
    Givet att ärendet har kommit till "Bedöm förmåga och omfattning"
    Och handläggaren slutför "Bedöm förmåga och omfattning" med
      | Ska personen undantas från kravet? | Ja, helt under en tid |
      | Till och med                       | 2026-11-30            |
    Och dagens datum är 2026-09-10
    Och beslutsfattaren slutför "Besluta om undantag" med
      | Gäller till och med  | 2026-11-30          |
    När dagens datum är 2026-11-30
    Så ska inga uppgifter vara öppna

  Scenario: Ett undantag som avslås gör att kravet gäller
    Givet att ärendet har kommit till "Bedöm förmåga och omfattning"
    Och handläggaren slutför "Bedöm förmåga och omfattning" med
      | Ska personen undantas från kravet? | Ja, helt under en tid |
      | Till och med                       | 2026-11-30            |
    Och dagens datum är 2026-09-10
    När beslutsfattaren slutför "Besluta om undantag" med
      | Beslut | Undantaget avslås |
    Så ska breven vara krav_intrader
    Och ska de öppna uppgifterna vara "Gör behovsbedömning"

  Scenario: Den som undantas delvis har kravet med färre timmar
    Givet att ärendet har kommit till "Bedöm förmåga och omfattning"
    När handläggaren slutför "Bedöm förmåga och omfattning" med
      | Ska personen undantas från kravet? | Delvis, färre timmar |
      | Skäl                               | Hälsa                |
      | Kravtimmar                         | 12                   |
    Och dagens datum är 2026-09-10
    Så ska kravet vara 12 timmar i veckan
    Och ska de öppna uppgifterna vara "Gör behovsbedömning"

  Scenario: En bruten räknare avbryter förberedelsen
    Givet biståndsbeslut kommer månadsvis från 2026-07 till 2026-08
    När biståndsbeslut kommer för 2026-09 med utfall avslag
    Så ska processen kravintrade vara avslutad
    Och ska inga uppgifter vara öppna

  Scenario: Ett krav som upphör avbryter kartläggningen
    Givet biståndsbeslut kommer månadsvis från 2026-07 till 2026-09
    När biståndsbeslut kommer för 2026-10 med utfall avslag
    Så ska processen kravintrade vara avslutad
    Och ska de öppna uppgifterna vara "Bedöm avslutet"
