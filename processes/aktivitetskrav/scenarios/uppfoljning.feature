# language: sv
Egenskap: Deltagandet följs upp, månaden sammanställs och planen omprövas
  Källa: S1:236 (tidsbegränsat och uppföljt), S1:202-204 (omprövas), S1:303-304 (tätare uppföljning), S3:80 (närvaro).

  Scenario: Uppföljningen kommer när intervallet säger det
    Givet att ärendet har kommit till "Följ upp deltagandet"
    Och utföraren har registrerat all närvaro
    När konsulenten slutför "Följ upp deltagandet" med
      | Hur har det gått sedan sist?     | Framåt |
      | Behöver planen omprövas nu?      | Nej    |
    Så ska ingen uppgift heta "Följ upp deltagandet"
    Och ska processen uppfoljning pågå

  Scenario: Uppföljningen visar att planen behöver omprövas och den förlängs
    Givet att ärendet har kommit till "Följ upp deltagandet"
    När konsulenten slutför "Följ upp deltagandet" med
      | Behöver planen omprövas nu? | Ja                      |
      | Varför?                     | Har fått fler arbetspass |
    Och handläggaren slutför "Ompröva planen" med
      | Utfall              | Förläng som den är |
      | Gäller till och med | 2027-06-30         |
      | Nya kravtimmar      | 20                 |
    Så ska kravet vara 20 timmar i veckan
    Och ska processen uppfoljning ha planTill = date("2027-06-30")

  Scenario: Omprövningen kommer senast när intervallet eller planens slut säger det
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren"
    När ärendet har kommit till "Ompröva planen"
    Så ska uppgiften "Ompröva planen" ligga hos rollen handlaggare_eb

  Scenario: En ändring i livet gör att planen omprövas genast
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren"
    När handläggaren registrerar "Omprövning krävs" med
      | Vad har ändrats? | Har fått arbete på deltid |
    Så ska de öppna uppgifterna vara "Ompröva planen"

  Scenario: En kommunal aktivitet avbryts inte ensidigt för en insats hos Arbetsförmedlingen
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren"
    När handläggaren registrerar "Omprövning krävs" med
      | Vad gäller det?  | Arbetsförmedlingen erbjuder en insats |
    Så får Hanna inte slutföra "Ompröva planen" med svaren, eftersom ensidigt
      | Utfall                                   | Avsluta aktiviteterna |
      | Har vi samrått med Arbetsförmedlingen?   | Nej, inte än          |
    När handläggaren slutför "Ompröva planen" med
      | Utfall                                   | Avsluta aktiviteterna |
      | Har vi samrått med Arbetsförmedlingen?   | Ja, vi är överens     |
    Så ska placeringarna vara avslutad

  Scenariomall: Omprövningen med utfallet "<utfall>" leder till ny matchning
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren"
    Och konsulenten registrerar "Omprövning krävs"
    När handläggaren slutför "Ompröva planen" med
      | Utfall | <utfall> |
    Så ska de öppna uppgifterna vara "Välj aktivitetstyp"
    Och ska processen uppfoljning vara avslutad

    Exempel:
      | utfall              |
      | Trappa upp timmarna |
      | Ändra aktiviteter   |
      | Byt aktivitetstyp   |

  Scenario: Omprövningen leder till att ärendet lämnas tillbaka
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren"
    Och konsulenten registrerar "Omprövning krävs"
    När handläggaren slutför "Ompröva planen" med
      | Utfall | Återlämna till socialtjänsten |
    Så ska de öppna uppgifterna vara "Ta ställning till återlämningen"
    Och ska placeringarna vara pausad
    Och ska konsulenten inte se ärendet

  Scenario: Aktiviteterna avslutas och platsen blir fri
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren"
    Och konsulenten registrerar "Omprövning krävs"
    När handläggaren slutför "Ompröva planen" med
      | Utfall | Avsluta aktiviteterna |
    Så ska placeringarna vara avslutad
    Och ska de öppna uppgifterna vara "Bedöm avslutet"
    Och ska processen uppfoljning vara avslutad

  Scenario: Är alla pass bedömda lämnas månadens underlag utan att någon behöver göra något
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren" med
      | Första dagen | 2026-10-01 |
    När alla pass till och med 2026-10-30 registreras som närvarande
    Och passet 2026-11-02 registreras som oanmäld frånvaro
    Och dagens datum är 2026-11-06
    Så ska underlaget för 2026-10 vara lämnat
    Och ska underlaget för 2026-10 ha 0 timmar oanmäld frånvaro
    Och ska ingen uppgift heta "Komplettera närvaron"

  Scenario: Saknas bedömningar kompletteras de, och ett obedömt pass är aldrig frånvaro
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren" med
      | Första dagen | 2026-10-01 |
    När ärendet har kommit till "Komplettera närvaron"
    Så ska ärendet inte ha någon avvikelse
    När alla pass till och med 2026-10-30 registreras som närvarande
    Och konsulenten slutför "Komplettera närvaron" med
      | Jag har gått igenom passen med utföraren | Ja |
    Så ska underlaget för 2026-10 vara lämnat
    Och ska underlaget för 2026-10 ha 132 timmar närvaro

  Scenario: En sen komplettering hoppar inte över nästa månad
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren" med
      | Första dagen | 2026-10-01 |
    Och ärendet har kommit till "Komplettera närvaron"
    När dagens datum är 2026-12-02
    Och alla pass till och med 2026-11-30 registreras som närvarande
    Och konsulenten slutför "Komplettera närvaron"
    Och dagens datum är 2026-12-09
    Så ska underlaget för 2026-10 vara lämnat
    Och ska underlaget för 2026-11 vara lämnat

  Scenario: Ett underlag som ingen lämnar påminns det om, en gång
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren" med
      | Första dagen | 2026-10-01 |
    Och ärendet har kommit till "Komplettera närvaron"
    När det återkommande arbetet manadsunderlag körs
    Så ska det återkommande arbetet manadsunderlag säga 1 underlag saknas, 0 påminnelser
    När 3 arbetsdagar har gått
    Och det återkommande arbetet manadsunderlag körs
    Så ska påminnelserna gälla "Komplettera närvaron"
    När det återkommande arbetet manadsunderlag körs
    Så ska det återkommande arbetet manadsunderlag säga 1 underlag saknas, 0 påminnelser

  Scenario: Kravet upphör och aktiviteterna avslutas
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren"
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska processen uppfoljning vara avslutad
    Och ska placeringarna vara avslutad

  Scenario: Konsulenten lämnar tillbaka ärendet och uppföljningen slutar
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren"
    När konsulenten registrerar "Återlämning begärd" med
      | Varför? | Behöver vård |
    Så ska processen uppfoljning vara avslutad
    Och ska placeringarna vara pausad

  Scenario: Upptrappningen går steg för steg och ett steg hålls kvar
    Givet att ärendet har kommit till "Välj aktivitetstyp"
    Och konsulenten slutför "Välj aktivitetstyp" med
      | Timmarna trappas upp steg för steg | ja                 |
      | Steg 1, timmar per vecka           | 10                 |
      | Steg 1, antal veckor               | 4                  |
      | Steg 2, timmar per vecka           | 20                 |
      | Steg 2, antal veckor               | 4                  |
      | Steg 3, timmar per vecka           |                    |
      | Vad stegen bygger på               | Ovan vid långa dagar |
    Och att ärendet har kommit till "Anvisa deltagaren"
    Och dagens datum är 2026-10-05
    När konsulenten slutför "Anvisa deltagaren" med
      | Första dagen | 2026-10-05 |
    Så ska passen i veckan 2026-10-12 vara 10 timmar
    När konsulenten registrerar "Steget hålls kvar" med
      | Hur många veckor till? | 1 |
    Och dagens datum är 2026-11-03
    Så ska passen i veckan 2026-11-16 vara 10 timmar
    När dagens datum är 2026-11-10
    Så ska passen i veckan 2026-11-16 vara 20 timmar
    När dagens datum är 2026-12-09
    Så ska passen i veckan 2026-12-14 vara 30 timmar
    Och ska inga fel finnas
