# language: sv
Egenskap: Personen matchas till en plats, och flera aktiviteter kan läggas samman
  Källa: S1:233-234 (från behov till aktivitet), S4:54 och S4:249 (parallella aktiviteter), S5:203-205 (stegvis).
  Brist på platser är kommunens avvikelse, aldrig personens.

  Scenario: Ett förslag motiveras, en människa väljer och platsen reserveras
    Givet att ärendet har kommit till "Välj aktivitetstyp"
    När konsulenten slutför "Välj aktivitetstyp" med
      | Aktivitetstyp      | Jobbsökande |
      | Timmar per vecka   | 30          |
    Och matcharen slutför "Välj plats" med
      | Finns en plats som passar? | Ja, välj plats    |
      | Plats                      | jobbsokarverkstad |
      | Timmar per vecka           | 30                |
    Så ska placeringarna vara foreslagen
    Och ska de öppna uppgifterna vara "Upprätta planutkast"

  Scenario: Räcker inte timmarna läggs en aktivitet till parallellt
    Givet att ärendet har kommit till "Välj aktivitetstyp"
    Och konsulenten slutför "Välj aktivitetstyp"
    När matcharen slutför "Välj plats" med
      | Timmar per vecka | 20 |
    Så ska de öppna uppgifterna vara "Välj aktivitetstyp"
    När konsulenten slutför "Välj aktivitetstyp" med
      | Aktivitetstyp    | Språk |
      | Timmar per vecka | 10    |
    Och matcharen slutför "Välj plats" med
      | Plats            | sprakkafe |
      | Timmar per vecka | 10        |
    Så ska placeringarna vara foreslagen, foreslagen
    Och ska de öppna uppgifterna vara "Upprätta planutkast"

  Scenario: Följer inga kravtimmar med går matchningen vidare, och timmarna prövas i planen
    Givet att ärendet har kommit till "Välj aktivitetstyp"
    Och att processen matchning saknar kravtimmar
    Så ska processen matchning ha kravtimmar = null
    När konsulenten slutför "Välj aktivitetstyp"
    Och matcharen slutför "Välj plats"
    Så ska inga fel finnas
    Och ska uppgiften "Upprätta planutkast" ligga hos rollen handlaggare_eb

  Scenario: Med upptrappning får timmarna vara färre till att börja med
    Givet att ärendet har kommit till "Välj aktivitetstyp"
    När konsulenten slutför "Välj aktivitetstyp" med
      | Timmarna trappas upp steg för steg | Ja                          |
      | Steg 1, timmar per vecka           | 10                          |
      | Steg 1, antal veckor               | 4                           |
      | Vad stegen bygger på               | Fem timmar mer varje månad  |
    Och matcharen slutför "Välj plats" med
      | Timmar per vecka | 10 |
    Så ska de öppna uppgifterna vara "Upprätta planutkast"

  Scenario: Hinner någon annan ta platsen väljs en annan
    Givet att ärendet har kommit till "Välj plats"
    Och att någon annan tar den sista platsen i jobbsokarverkstad
    När matcharen slutför "Välj plats" med
      | Finns en plats som passar? | Ja, välj plats    |
      | Plats                      | jobbsokarverkstad |
    Så ska de öppna uppgifterna vara "Välj aktivitetstyp"
    Och ska processen matchning ha platsenTagen = true
    När konsulenten slutför "Välj aktivitetstyp" med
      | Aktivitetstyp    | Språk |
      | Timmar per vecka | 30    |
    Och matcharen slutför "Välj plats" med
      | Plats            | sprakkafe |
      | Timmar per vecka | 30        |
    Så ska placeringarna vara foreslagen
    Och ska de öppna uppgifterna vara "Upprätta planutkast"

  Scenario: Personen står i kö tills matcharen ser en ledig plats
    Givet att ärendet har kommit till "Välj plats"
    När matcharen slutför "Välj plats" med
      | Finns en plats som passar? | Nej, ställ i kö |
    Så ska personen stå i kö
    Och ska inga uppgifter vara öppna
    När matcharen registrerar "Plats blev ledig"
    Så ska de öppna uppgifterna vara "Välj plats"

  Scenario: En plats som blir fri erbjuds den som har stått längst i kö
    Givet att ärendet har kommit till "Välj plats"
    Och matcharen slutför "Välj plats"
    Och det gäller en annan person
    Och personens ärende har kommit till "Välj plats"
    Och matcharen slutför "Välj plats" med
      | Finns en plats som passar? | Nej, ställ i kö |
    Och det gäller den första personen igen
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska placeringarna vara avslutad
    När det gäller den andra personen igen
    Så ska de öppna uppgifterna vara "Välj plats"

  Scenario: Blir kön för lång är det kommunens brist och en annan aktivitet väljs så länge
    Givet att ärendet har kommit till "Välj plats"
    Och matcharen slutför "Välj plats" med
      | Finns en plats som passar? | Nej, ställ i kö |
    När 14 arbetsdagar har gått
    Så ska inga uppgifter vara öppna
    När 1 arbetsdag har gått
    Så ska de öppna uppgifterna vara "Utred vad som brast" och "Välj aktivitetstyp"
    Och ska ärendet inte ha någon avvikelse

  Scenario: Kravet upphör och platserna släpps
    Givet att ärendet har kommit till "Välj aktivitetstyp"
    Och konsulenten slutför "Välj aktivitetstyp"
    Och matcharen slutför "Välj plats" med
      | Timmar per vecka | 10 |
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska processen matchning vara avslutad
    Och ska placeringarna vara avslutad
    Och ska de öppna uppgifterna vara "Bedöm avslutet"

  Scenario: Ärendet lämnas tillbaka under matchningen och platserna släpps
    Givet att ärendet har kommit till "Välj plats"
    När konsulenten registrerar "Återlämning begärd" med
      | Varför? | Behöver stabiliserande insatser först |
    Så ska processen matchning vara avslutad
    Och ska de öppna uppgifterna vara "Ta ställning till återlämningen"

  Scenario: Tider som krockar i veckan sägs i ord och matcharen löser dem
    Givet att ärendet har kommit till "Välj aktivitetstyp"
    Och konsulenten slutför "Välj aktivitetstyp" med
      | Timmar per vecka | 15 |
    Och matcharen slutför "Välj plats" med
      | Timmar per vecka | 15 |
    När konsulenten slutför "Välj aktivitetstyp" med
      | Aktivitetstyp | Motiverande och förmågehöjande |
    Och matcharen slutför "Välj plats" med
      | Plats            | motivation-grupp |
      | Timmar per vecka | 15               |
    Så ska uppgiften "Välj plats" ligga hos rollen matchare
    Och ska processen matchning ha harKrock = true
    När matcharen slutför "Välj plats" med
      | Plats                                           | motivation-grupp |
      | Timmar per vecka                                | 15               |
      | Tiderna är lösta med deltagaren och anordnaren  | ja               |
    Så ska placeringarna vara foreslagen och foreslagen
