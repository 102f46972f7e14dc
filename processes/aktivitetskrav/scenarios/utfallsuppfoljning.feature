# language: sv
Egenskap: Efter avslutet följs utfallet upp, den som kommer tillbaka fortsätter i samma ärende, annars stängs det
  Källa: S1:238-241 (mätbara resultat), S4:190, domänrapporten P9.

  Bakgrund:
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren" med
      | Första dagen | 2026-10-05 |
    Och dagens datum är 2026-10-12
    Och biståndsbesluten slutar komma

  Scenario: Utfallet följs upp tre gånger och ärendet stängs när tiden för återinträde är slut
    Givet att ärendet är avslutat från 2026-10-31 med grunden Arbete, försörjer sig
    När dagens datum är 2026-12-01
    Så ska de öppna uppgifterna vara "Följ upp utfallet"
    När handläggaren slutför "Följ upp utfallet" med
      | Hur försörjer sig personen nu?  | Arbete   |
      | Är personen självförsörjande?   | Ja, helt |
    Och dagens datum är 2027-01-30
    Och handläggaren slutför "Följ upp utfallet" med
      | Hur försörjer sig personen nu?  | Arbete   |
      | Är personen självförsörjande?   | Delvis   |
    Och dagens datum är 2027-05-01
    Och handläggaren slutför "Följ upp utfallet" med
      | Hur försörjer sig personen nu?  | Går inte att få veta |
      | Är personen självförsörjande?   | Okänt    |
    Så ska utfallen vara ja, delvis och okant
    Och ska inga uppgifter vara öppna
    När dagens datum är 2027-06-01
    Så ska ärendet vara stängt
    Och ska historien vara hel

  Scenario: Den som flyttar följs inte upp, men ärendet stängs först när tiden för återinträde är slut
    Givet att ärendet är avslutat från 2026-10-31 med grunden Flyttat från kommunen
    När dagens datum är 2027-05-30
    Så ska inga uppgifter vara öppna
    Och ska processen utfallsuppfoljning pågå
    När dagens datum är 2027-06-01
    Så ska ärendet vara stängt

  Scenario: Den som kommer tillbaka fortsätter i samma ärende och uppföljningarna slutar
    Givet att ärendet är avslutat från 2026-10-31 med grunden Arbete, försörjer sig
    Och dagens datum är 2026-12-01
    När biståndsbeslut kommer för 2026-12
    Så ska processen utfallsuppfoljning vara avslutad
    Och ska avslutet vara märkt med återinträde 2026-12-01
    Och ska inga uppgifter vara öppna
    När biståndsbeslut kommer för 2027-01
    Och biståndsbeslut kommer för 2027-02
    Så ska ärendet ha kravstatus galler
    Och ska uppgiften "Kartlägg situationen" ligga hos rollen handlaggare_eb

  Scenario: Den som kommer tillbaka innan någon uppföljning är gjord fortsätter också
    Givet att ärendet är avslutat från 2026-10-31 med grunden Studier
    När dagens datum är 2026-11-05
    Och biståndsbeslut kommer för 2026-11
    Så ska processen utfallsuppfoljning vara avslutad
    Och ska avslutet vara märkt med återinträde 2026-11-05

  Scenario: Ett avslag, eller ett sent beslut för en tidigare månad, är inget återinträde
    Givet att ärendet är avslutat från 2026-10-31 med grunden Arbete, försörjer sig
    När biståndsbeslut kommer för 2026-10
    Och biståndsbeslut kommer för 2026-11 med utfall avslag
    Så ska processen utfallsuppfoljning pågå
    När dagens datum är 2026-12-01
    Och biståndsbeslut kommer för 2026-12 med utfall avslag
    Så ska uppgiften "Följ upp utfallet" ligga hos rollen handlaggare_eb

  Scenario: Ett ärende där något ännu pågår stängs senare
    Givet konsulenten registrerar "Avvikelse upptäckt" med
      | Vad har hänt? | Har uteblivit |
      | Från och med  | 2026-10-08    |
      | Till och med  | 2026-10-08    |
      | Stödmånad     | 2026-10       |
    Och konsulenten slutför "Beskriv vad som hänt"
    Och att ärendet är avslutat från 2026-10-31 med grunden Flyttat från kommunen
    När dagens datum är 2027-06-01
    Så ska ärendet inte vara stängt
    Och ska de öppna uppgifterna vara "Utred avvikelsen"
    När handläggaren slutför "Utred avvikelsen" med
      | Finns godtagbart skäl? | Ja, avsluta |
    Och dagens datum är 2027-07-02
    Så ska ärendet vara stängt
