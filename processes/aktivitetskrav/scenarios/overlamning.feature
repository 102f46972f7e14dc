# language: sv
Egenskap: Ärendet lämnas över till arbetsmarknadsförvaltningen
  Källa: S1:267-268 (överlämning och direktbeslut), S1:276 och S1:289-291 (ledtider), S3:94 och OSL 26 kap. (sekretess),
  S5:199-201 (flerpartsmöte), S1:202-204 (återlämning).

  Scenario: Ärendet tas emot och matchningen börjar
    Givet att ärendet har kommit till "Ta emot överlämning"
    När konsulenten slutför "Ta emot överlämning" med
      | Tar du emot ärendet? | Ja, jag tar emot |
    Och konsulenten slutför "Håll flerpartsmöte"
    Så ska de öppna uppgifterna vara "Välj aktivitetstyp"
    Och ska processen overlamning vara avslutad

  Scenario: Konsulenten ser ingenting före överlämningen
    Givet att ärendet har kommit till "Gör behovsbedömning"
    Så ska konsulenten inte se ärendet

  Scenario: Konsulenten ser bara de uppgifter som har lämnats
    Givet att ärendet har kommit till "Pröva sekretessen"
    När handläggaren slutför "Pröva sekretessen" med
      | Får uppgifter lämnas?   | Ja                     |
      | Rättslig grund          | Personens samtycke     |
      | Uppgifter som lämnas    | Kravtimmar; Behovsnivå |
    Så ska konsulenten i "Ta emot överlämning" se kravtimmar och behovsniva men inte mal, hinder, sjukskriven och sprakniva

  Scenario: Den enhet som hör ihop med handläggarens får överlämningen
    Givet att ärendet är hos enheten sdf_soder
    Och att ärendet har kommit till "Ta emot överlämning"
    Så ska Lena se uppgiften "Ta emot överlämning" men inte Karim

  Scenario: Direktbeslut om insatstyp när behovet är tydligt
    Givet att ärendet har kommit till "Gör behovsbedömning"
    Och handläggaren slutför "Gör behovsbedömning" med
      | Är behovet så tydligt att insatstyp kan beslutas direkt? | Ja, föreslå direktbeslut |
      | Föreslagen insatstyp                                     | Arbetsplatsförlagd       |
    När beslutsfattaren slutför "Fatta direktbeslut om insatstyp" med
      | Beslut      | Insatstypen beslutas |
      | Insatstyp   | Språk                |
    Så ska besluten vara direktbeslut beviljas
    När handläggaren slutför "Pröva sekretessen" med
      | Uppgifter som lämnas | Kravtimmar; Behovsnivå; Direktbeslut om insatstyp |
    Och konsulenten slutför "Ta emot överlämning"
    Och konsulenten slutför "Håll flerpartsmöte"
    Så ska processen matchning ha insatstyp = sprak

  Scenario: Utan direktbeslut är det bara ett förslag och följer inte med
    Givet att ärendet har kommit till "Gör behovsbedömning"
    Och handläggaren slutför "Gör behovsbedömning" med
      | Är behovet så tydligt att insatstyp kan beslutas direkt? | Ja, föreslå direktbeslut |
      | Föreslagen insatstyp                                     | Arbetsplatsförlagd       |
    När beslutsfattaren slutför "Fatta direktbeslut om insatstyp" med
      | Beslut | Inget direktbeslut, ordinarie väg |
    Och handläggaren slutför "Pröva sekretessen" med
      | Uppgifter som lämnas | Kravtimmar; Behovsnivå; Direktbeslut om insatstyp |
    Och konsulenten slutför "Ta emot överlämning"
    Och konsulenten slutför "Håll flerpartsmöte"
    Så ska processen matchning ha insatstyp = null

  Scenario: Uppgifterna får inte lämnas och enhetschefen låter pröva igen
    Givet att ärendet har kommit till "Pröva sekretessen"
    När handläggaren slutför "Pröva sekretessen" med
      | Får uppgifter lämnas? | Nej |
    Så ska de öppna uppgifterna vara "Ta ställning till hindret"
    Och ska konsulenten inte se ärendet
    När enhetschefen slutför "Ta ställning till hindret" med
      | Hur drivs ärendet vidare? | Pröva igen, till exempel efter samtycke |
    Så ska de öppna uppgifterna vara "Pröva sekretessen"

  Scenario: Uppgifterna får inte lämnas och ärendet stannar i socialtjänsten
    Givet att ärendet har kommit till "Pröva sekretessen"
    Och handläggaren slutför "Pröva sekretessen" med
      | Får uppgifter lämnas? | Nej |
    När enhetschefen slutför "Ta ställning till hindret" med
      | Hur drivs ärendet vidare? | Ärendet stannar i socialtjänsten |
    Så ska processen overlamning vara avslutad
    Och ska inga uppgifter vara öppna

  Scenario: Ett mottagande som dröjer går till chefen på arbetsmarknadsförvaltningen
    Givet att ärendet har kommit till "Ta emot överlämning"
    När 6 arbetsdagar har gått
    Så ska uppgiften "Ta emot överlämning" vara eskalerad
    Och ska de öppna uppgifterna vara "Ta emot överlämning"
    När 2 arbetsdagar har gått
    Så ska de öppna uppgifterna vara "Säkra att uppgiften görs" och "Ta emot överlämning"
    Och ska uppgiften "Säkra att uppgiften görs" visa "Ta emot överlämning"
    När arbetsmarknadschefen slutför "Säkra att uppgiften görs" med
      | Vad gör du? | Fördelar om |
    Så ska de öppna uppgifterna vara "Ta emot överlämning"
    När konsulenten slutför "Ta emot överlämning"
    Så ska processen eskalering vara avslutad
    Och ska de öppna uppgifterna vara "Håll flerpartsmöte"

  Scenario: Tas överlämningen emot slutar eskaleringen av sig själv
    Givet att ärendet har kommit till "Ta emot överlämning"
    Och 8 arbetsdagar har gått
    När konsulenten slutför "Ta emot överlämning" med
      | Tar du emot ärendet? | Nej, fel målgrupp                 |
      | Orsak                | Behöver vård eller rehabilitering |
    Så ska de öppna uppgifterna vara "Ta ställning till återlämningen"

  Scenario: Återlämnas ärendet medan överlämningen pågår blir inget kvar hos konsulenten
    Givet att ärendet har kommit till "Håll flerpartsmöte"
    När konsulenten registrerar "Återlämning begärd" med
      | Varför? | Behöver stabiliserande insatser först |
    Så ska de öppna uppgifterna vara "Ta ställning till återlämningen"
    Och ska konsulenten inte se ärendet
    När handläggaren slutför "Ta ställning till återlämningen" med
      | Hur går vi vidare? | Ärendet stannar i socialtjänsten |
    Så ska processen overlamning vara avslutad
    Och ska inga uppgifter vara öppna

  Scenario: Konsulenten behöver veta mer innan ärendet tas emot
    Givet att ärendet har kommit till "Ta emot överlämning"
    När konsulenten slutför "Ta emot överlämning" med
      | Tar du emot ärendet?           | Inte än, jag behöver veta mer |
      | Vad behöver handläggaren veta? | Vilka språk talar personen?   |
    Så ska de öppna uppgifterna vara "Komplettera överlämningen"
    När handläggaren slutför "Komplettera överlämningen" med
      | Ditt svar            | Arabiska och lite svenska |
      | Uppgifter som lämnas | Kravtimmar; Svenska       |
    Så ska konsulenten i "Ta emot överlämning" se kompletteringSvar och sprakniva men inte mal och hinder

  Scenario: Fel målgrupp lämnas tillbaka och bedöms på nytt
    Givet att ärendet har kommit till "Ta emot överlämning"
    När konsulenten slutför "Ta emot överlämning" med
      | Tar du emot ärendet? | Nej, fel målgrupp        |
      | Orsak                | Behöver vård eller rehabilitering |
    Så ska de öppna uppgifterna vara "Ta ställning till återlämningen"
    Och ska konsulenten inte se ärendet
    När handläggaren slutför "Ta ställning till återlämningen" med
      | Hur går vi vidare? | Gör ny behovsbedömning och lämna över igen |
    Så ska de öppna uppgifterna vara "Gör behovsbedömning"

  Scenario: Konsulenten återlämnar senare och ärendet stannar i socialtjänsten
    Givet att ärendet har kommit till "Välj aktivitetstyp"
    När konsulenten registrerar "Återlämning begärd" med
      | Varför? | Behöver stabiliserande insatser först |
    Och handläggaren slutför "Ta ställning till återlämningen" med
      | Hur går vi vidare? | Ärendet stannar i socialtjänsten |
    Så ska konsulenten inte se ärendet
    Och ska inga uppgifter vara öppna

  Scenario: Överlämningen återkallas när kravet upphör
    Givet att ärendet har kommit till "Ta emot överlämning"
    När biståndsbesluten slutar komma
    Och ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska processen overlamning vara avslutad
    Och ska de öppna uppgifterna vara "Bedöm avslutet"
    Och ska konsulenten inte se ärendet
