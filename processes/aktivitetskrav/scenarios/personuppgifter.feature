# language: sv
Egenskap: Ett nytt personnummer, två ärenden som är en persons och en flytt mellan stadsdelar
  Källa: SoLPuL 6-10 §§ (nödvändighet, behörighet, logg), FL 9 § (enkelt och rättssäkert), S5:50-54 (kontinuitet).
  Historien står kvar, tider som löper står fast och en människa väljer vad som händer med det som pågår.

  Scenario: En tillfällig identitet blir ett samordningsnummer och ärendet är detsamma
    Givet att ärendet har kommit till "Gör behovsbedömning"
    Och biståndsbesluten slutar komma
    När biståndsbeslut kommer för 2026-09 med ett nytt personnummer
    Så ska uppgiften "Rätta numret hos andra" ligga hos rollen registrator
    Och ska det finnas 1 ärende
    När registratorn slutför "Rätta numret hos andra"
    Och biståndsbeslut kommer för 2026-10 med det gamla numret
    Så ska det finnas 1 ärende
    Och ska ärendet ha 4 månader med försörjningsstöd
    Och ska historien vara hel

  Scenario: Två ärenden slås samman, månaderna räknas om och placeringen följer med
    Givet biståndsbeslut kommer månadsvis från 2026-07 till 2026-08
    Och det gäller en annan person
    Och att ärendet har kommit till "Upprätta planutkast"
    Och biståndsbesluten slutar komma
    Och det gäller den första personen igen
    När biståndsbeslutet för 2026-10 säger att den andra personen är den första
    Så ska uppgiften "Besluta om sammanslagning" ligga hos rollen enhetschef_eb
    När enhetschefen slutför "Besluta om sammanslagning" med
      | Är det samma person?                               | Ja, slå samman   |
      | Vad ska börja om i det här ärendet?                | Individuell plan |
      | Vad händer med det andra ärendets placeringar?     | De följer med hit |
    Så ska den andra personens ärende vara stängt
    Och ska den första personens ärende vara öppet
    Och ska ärendet ha 4 månader med försörjningsstöd
    Och ska processen plan pågå
    Och ska uppgiften "Upprätta planutkast" ligga hos rollen handlaggare_eb
    Och ska placeringarna vara foreslagen
    Och ska breven vara sammanslagna_arenden och krav_intrader
    Och ska ärendet ha kravstatus galler
    Och ska inga fel finnas
    Och ska historien vara hel

  Scenario: Det som pågår i det andra ärendet avslutas och nästa beslut hittar rätt
    Givet biståndsbeslut kommer månadsvis från 2026-07 till 2026-08
    Och det gäller en annan person
    Och att ärendet har kommit till "Upprätta planutkast"
    Och biståndsbesluten slutar komma
    Och det gäller den första personen igen
    När handläggaren registrerar "Dubbelt ärende upptäckt" med
      | Det andra ärendets nummer              | AK-000002       |
    Och enhetschefen slutför "Besluta om sammanslagning" med
      | Är det samma person?                               | Ja, slå samman   |
      | Vad ska börja om i det här ärendet?                |                  |
      | Vad händer med det andra ärendets placeringar?     | De avslutas      |
    Så ska den andra personens ärende vara stängt
    Och ska processen plan inte ha startat
    Och ska uppgiften "Gör behovsbedömning" ligga hos rollen handlaggare_eb
    När biståndsbeslutet för 2026-10 säger att den andra personen är den första
    Så ska det finnas 2 ärenden
    Och ska ärendet ha 4 månader med försörjningsstöd
    Och ska ingen uppgift heta "Besluta om sammanslagning"
    Och ska inga fel finnas

  Scenario: Numret pekar inte på något annat ärende
    Givet biståndsbeslut kommer för 2026-07
    När registratorn registrerar "Dubbelt ärende upptäckt" med
      | Det andra ärendets nummer | AK-999999 |
    Så ska processen personuppgifter vara avslutad
    Och ska inga uppgifter vara öppna

  Scenario: Det är två olika personer
    Givet biståndsbeslut kommer för 2026-07
    Och det gäller en annan person
    Och biståndsbeslut kommer för 2026-07
    När handläggaren registrerar "Dubbelt ärende upptäckt" med
      | Det andra ärendets nummer | AK-000001 |
    Och enhetschefen slutför "Besluta om sammanslagning" med
      | Är det samma person? | Nej, det är två personer eller fel ärende |
    Så ska den första personens ärende vara öppet
    Och ska den andra personens ärende vara öppet
    Och ska inget brev ha skickats

  Scenario: En flytt som kommer med månadsbeslutet följs av uppgifterna och jobbtorget behålls
    Givet att ärendet har kommit till "Välj aktivitetstyp"
    Och biståndsbesluten slutar komma
    När ärendet är hos enheten sdf_soder
    Och biståndsbeslut kommer för 2026-09
    Så ska Samir se uppgiften "Ta emot ärendet" men inte Hanna
    Och ska Samir se ärendet men inte Hanna
    Och ska Karim se uppgiften "Välj aktivitetstyp" men inte Lena
    När handläggaren slutför "Ta emot ärendet" med
      | Ska personen byta jobbtorg? | Nej, behåll |
    Så ska Karim se uppgiften "Välj aktivitetstyp" men inte Lena
    Och ska historien vara hel

  Scenario: Handläggaren registrerar flytten, väljer stadsdel och jobbtorget byts
    Givet att ärendet har kommit till "Välj aktivitetstyp"
    Och biståndsbesluten slutar komma
    När handläggaren registrerar "Flytt till annan stadsdel"
    Så ska Hanna se uppgiften "Välj ny stadsdel" men inte Samir
    När handläggaren slutför "Välj ny stadsdel" med
      | Ny stadsdel | Stadsdel Söder |
    Och handläggaren slutför "Ta emot ärendet" med
      | Ska personen byta jobbtorg? | Ja, byt till den nya stadsdelens jobbtorg |
    Så ska Lena se uppgiften "Välj aktivitetstyp" men inte Karim
    Och ska Lena se ärendet men inte Karim
    Och ska konsulenten i "Välj aktivitetstyp" se kravtimmar men inte hinder
    Och ska processen personuppgifter vara avslutad

  Scenario: Tar ingen emot ärendet får den nya stadsdelens chef en uppgift
    Givet biståndsbeslut kommer för 2026-07
    När ärendet är hos enheten sdf_soder
    Och biståndsbeslut kommer för 2026-08
    Och 8 arbetsdagar har gått
    Så ska uppgiften "Ta emot ärendet" vara eskalerad
    Och ska uppgiften "Säkra att uppgiften görs" ligga hos rollen enhetschef_eb
    När 3 arbetsdagar har gått
    Så ska uppgiften "Säkra att uppgiften görs" ligga hos rollen verksamhetschef_eb
    När 5 arbetsdagar har gått
    Så ska processen eskalering vara avslutad
    Och handläggaren slutför "Ta emot ärendet"
    Så ska processen personuppgifter vara avslutad
