# language: sv
Egenskap: Personen anvisas till aktiviteterna
  Källa: S1:79-81 (att avböja), FL 13 och 33 §§ (begriplig underrättelse), registrering hos Arbetsförmedlingen.

  Scenario: Personen tar emot anvisningen och aktiviteterna startar
    Givet att ärendet har kommit till "Anvisa deltagaren"
    När konsulenten slutför "Anvisa deltagaren" med
      | Första dagen      | 2026-11-16 |
      | Personens svar    | Tar emot   |
    Så ska breven vara krav_intrader, planbeslut, anvisning
    Och ska placeringarna vara anvisad
    Och ska processen uppfoljning pågå
    Och ska processen anvisning vara avslutad
    Och ska historien vara hel

  Scenario: Den som är inskriven registreras också hos Arbetsförmedlingen
    Givet att ärendet har kommit till "Kartlägg situationen"
    Och handläggaren slutför "Kartlägg situationen" med
      | Personen är inskriven hos Arbetsförmedlingen | Ja |
    Och ärendet har kommit till "Anvisa deltagaren"
    När konsulenten slutför "Anvisa deltagaren"
    Så ska de öppna uppgifterna vara "Registrera hos AF"
    När handläggaren slutför "Registrera hos AF" med
      | Det här är gjort    | Loggat in i tjänsten |
      | Registrerad den     | idag                 |
    Så ska processen uppfoljning pågå

  Scenario: Den som avböjer får frågan utredd, men biståndet ändras inte av det
    Givet att ärendet har kommit till "Anvisa deltagaren"
    När konsulenten slutför "Anvisa deltagaren" med
      | Personens svar        | Avböjer           |
      | Personens förklaring  | Tiden passar inte |
    Så ska de öppna uppgifterna vara "Beskriv vad som hänt"
    Och ska inget ha överförts till verksamhetssystemet
    Och ska processen uppfoljning pågå

  Scenario: Kravet upphör innan anvisningen och platsen släpps
    Givet att ärendet har kommit till "Anvisa deltagaren"
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska processen anvisning vara avslutad
    Och ska placeringarna vara avslutad

  Scenario: Ärendet lämnas tillbaka innan anvisningen
    Givet att ärendet har kommit till "Anvisa deltagaren"
    När konsulenten registrerar "Återlämning begärd" med
      | Varför? | Har blivit sjukskriven |
    Så ska processen anvisning vara avslutad
    Och ska de öppna uppgifterna vara "Ta ställning till återlämningen"
