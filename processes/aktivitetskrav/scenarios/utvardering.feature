# language: sv
Egenskap: Ansvarsfördelningen och aktiviteterna utvärderas varje år
  Källa: S1:278-280 (uppföljning och utvärdering av ansvarsfördelningen), S1:242-243 (insatser utvärderas löpande), S1:275-276.

  Bakgrund:
    Givet att det gäller processen utvardering
    Och att systemet har stått stilla till 2027-09-01

  Scenario: Båda utvärderas, förbättringar föreslås och beslutas
    Så ska de öppna uppgifterna vara "Utvärdera ansvaret", "Utvärdera aktiviteterna"
    Och ska uppgiften "Utvärdera ansvaret" visa "Andel med gällande plan (procent): inget underlag"
    När enhetschefen slutför "Utvärdera ansvaret" med
      | Hur har ansvaret för beslut fungerat? | Bra i Norr, otydligt i Söder |
    Så ska de öppna uppgifterna vara "Utvärdera aktiviteterna"
    När arbetsmarknadschefen slutför "Utvärdera aktiviteterna"
    Så ska uppgiften "Föreslå förbättringar" visa "otydligt i Söder"
    När controllern slutför "Föreslå förbättringar"
    Och kvalitetsansvarig slutför "Besluta om förbättringar"
    Så ska förbättringen vara beslutas av kerstin
    Och ska processen utvardering vara avslutad

  Scenario: Utvärderingen av aktiviteterna dröjer
    När 16 arbetsdagar har gått
    Så ska uppgiften "Utvärdera aktiviteterna" vara eskalerad
    När 15 arbetsdagar har gått
    Så ska processen eskalering vara avslutad

  Scenario: Förslaget dröjer
    Givet enhetschefen slutför "Utvärdera ansvaret"
    Och arbetsmarknadschefen slutför "Utvärdera aktiviteterna"
    När 11 arbetsdagar har gått
    Så ska uppgiften "Föreslå förbättringar" vara eskalerad
