# language: sv
Egenskap: Avslutade ärenden gallras när någon har granskat och någon annan har godkänt
  Källa: N6 (gallring och arkiv), SOSFS 2014:5 (personakt). Tiden och undantagen är parametrar.

  Bakgrund:
    Givet att ärendet har kommit till "Kartlägg situationen"

  Scenario: Inget har passerat sin tid
    Givet att ärendet är avslutat sedan 2022-01-15
    Och att det gäller processen gallring
    När dagens datum är 2026-12-01
    Så ska processen gallring vara avslutad

  Scenario: Listan granskas, godkänns av någon annan och gallras; kedjan håller
    Givet att ärendet är avslutat sedan 2021-11-15
    Och att det gäller processen gallring
    Och att dagens datum är 2026-12-01
    Så ska de öppna uppgifterna vara "Granska listan"
    När registratorn slutför "Granska listan"
    Och beslutsfattaren slutför "Godkänn gallringen"
    Så ska ärendets innehåll vara gallrat
    Och ska historien vara hel
    Och ska ingen uppgift heta "Granska listan"

  Scenario: Gallringen godkänns inte
    Givet att ärendet är avslutat sedan 2021-11-15
    Och att det gäller processen gallring
    Och att dagens datum är 2026-12-01
    När registratorn slutför "Granska listan"
    Och beslutsfattaren slutför "Godkänn gallringen" med
      | Godkänner du gallringen? | Nej |
    Så ska ärendets innehåll finnas kvar

  Scenario: Den som granskade får inte godkänna
    Givet att ärendet är avslutat sedan 2021-11-15
    Och att det gäller processen gallring
    Och att dagens datum är 2026-12-01
    Och registratorn slutför "Granska listan"
    Och att Birgitta är den som har granskat
    Så får Birgitta inte slutföra "Godkänn gallringen" eftersom den som godkänner gallringen får inte vara den som granskade

  Scenario: Den som är född en dag som bevaras gallras inte
    Givet att ärendet är avslutat sedan 2021-11-15
    Och att personen är född 1990-01-15
    Och att det gäller processen gallring
    När dagens datum är 2026-12-01
    Så ska ärendets innehåll finnas kvar
    Och ska inga uppgifter vara öppna

  Scenario: Granskningen av listan dröjer
    Givet att ärendet är avslutat sedan 2021-11-15
    Och att det gäller processen gallring
    Och att dagens datum är 2026-12-01
    När 11 arbetsdagar har gått
    Så ska uppgiften "Granska listan" vara eskalerad
    När 15 arbetsdagar har gått
    Så ska processen eskalering vara avslutad
