# language: sv
Egenskap: Utförare får avtal, följs upp och avslutas utan att deltagarna drabbas
  Källa: S3:80 och S3:105 (externa utförare), S5:111-119 (arbetsplatser utanför kommunen), S2:89-90 (socialpsykiatrin), S4:200-202.

  Bakgrund:
    Givet att det gäller processen utforare
    Och att processen utforare startas

  Scenario: Ett företag med praktikplatser godkänns och läggs in i katalogen
    När matcharen slutför "Beskriv utförare och avtal" med
      | Utförare         | Nordbageriet        |
      | Vad är utföraren? | Företag            |
      | Aktivitetens namn | Praktik i bageriet |
      | Typ av aktivitet  | Arbetsplatsförlagd |
      | Antal platser     | 4                  |
      | Handledare eller kontaktperson på platsen | Bagaren |
    Och kvalitetsansvarig slutför "Kontrollera kraven" med
      | Det här är uppfyllt | Arbetsmiljön är bedömd; Deltagarna är försäkrade; Det finns handledning |
    Och arbetsmarknadschefen slutför "Godkänn utföraren"
    Så ska katalogen ha "Praktik i bageriet" hos "Nordbageriet" med 4 platser
    Och ska utföraren vara foretag med handledaren Bagaren
    Och ska processen utforare pågå

  Scenario: Socialpsykiatrin kan vara utförare
    När matcharen slutför "Beskriv utförare och avtal" med
      | Vad är utföraren? | Annan förvaltning, till exempel socialpsykiatrin |
      | Aktivitetens namn | Träffpunkten                                     |
    Och kvalitetsansvarig slutför "Kontrollera kraven"
    Och arbetsmarknadschefen slutför "Godkänn utföraren"
    Så ska utföraren vara forvaltning med handledaren Handledaren

  Scenario: Kraven är inte uppfyllda och avtalet kompletteras
    Givet matcharen slutför "Beskriv utförare och avtal"
    När kvalitetsansvarig slutför "Kontrollera kraven" med
      | Är kraven uppfyllda? | Nej, avtalet behöver kompletteras |
      | Vad fattas?          | Personuppgiftsbiträdesavtal       |
    Så ska uppgiften "Beskriv utförare och avtal" visa "Personuppgiftsbiträdesavtal"

  Scenario: Utföraren godkänns inte
    Givet matcharen slutför "Beskriv utförare och avtal"
    Och kvalitetsansvarig slutför "Kontrollera kraven"
    När arbetsmarknadschefen slutför "Godkänn utföraren" med
      | Godkänner du utföraren? | Nej |
    Så ska processen utforare vara avslutad
    Och ska katalogen inte ha "Praktikplatser"

  Scenario: Avtalet måste sluta efter att det har börjat
    Så får Mattias inte slutföra "Beskriv utförare och avtal" med svaren, eftersom avtalets slutdag måste vara efter
      | Avtalet gäller från | 2027-06-01 |
      | Avtalet gäller till | 2027-05-01 |

  Scenario: Kvaliteten följs upp och håller, gång efter gång
    Givet matcharen slutför "Beskriv utförare och avtal" med
      | Avtalet gäller till | 2030-12-31 |
    Och att den har kommit till "Följ upp kvaliteten"
    När kvalitetsansvarig slutför "Följ upp kvaliteten"
    Så ska inga uppgifter vara öppna
    När 6 månader har gått
    Så ska de öppna uppgifterna vara "Följ upp kvaliteten"

  Scenario: Uppföljningen av kvaliteten dröjer
    Givet att den har kommit till "Följ upp kvaliteten"
    När 11 arbetsdagar har gått
    Så ska uppgiften "Följ upp kvaliteten" vara eskalerad
    När 15 arbetsdagar har gått
    Så ska processen eskalering vara avslutad

  Scenario: Kvaliteten brister och avtalet avslutas
    Givet att den har kommit till "Följ upp kvaliteten"
    När kvalitetsansvarig slutför "Följ upp kvaliteten" med
      | Håller kvaliteten? | Nej |
    Och arbetsmarknadschefen slutför "Besluta om avtalet" med
      | Beslut | Avtalet avslutas |
    Så ska katalogen inte ha "Praktikplatser"
    Och ska processen utforare vara avslutad

  Scenario: Avtalet löper ut och förlängs
    Givet att den har kommit till "Följ upp kvaliteten"
    Och kvalitetsansvarig slutför "Följ upp kvaliteten"
    Och att den har kommit till "Besluta om avtalet"
    När arbetsmarknadschefen slutför "Besluta om avtalet" med
      | Beslut          | Avtalet fortsätter |
      | Nytt slutdatum  | 2029-12-31         |
    Så ska avtalet gälla till 2029-12-31
    Och ska katalogen ha "Praktikplatser" hos "Utföraren" med 5 platser

  Scenario: Avtalet sägs upp, och den som har sin plats där får en annan
    Givet matcharen slutför "Beskriv utförare och avtal"
    Och kvalitetsansvarig slutför "Kontrollera kraven"
    Och arbetsmarknadschefen slutför "Godkänn utföraren"
    Och att en person har plats hos utföraren
    Och att det gäller processen utforare
    När matcharen registrerar "Avtalet sägs upp" med
      | Avtalet upphör | idag             |
      | Varför?        | Bageriet stänger |
    Så ska uppgiften "Besluta om avtalet" visa "Bageriet stänger"
    När arbetsmarknadschefen slutför "Besluta om avtalet" med
      | Beslut | Avtalet avslutas |
    Så ska processen utforare vara avslutad
    När det gäller den första personen igen
    Så ska processen leveransavvikelse pågå
    Och ska ärendet inte ha någon avvikelse
    Och ska inget ha överförts till verksamhetssystemet
