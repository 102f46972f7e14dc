# language: sv
Egenskap: Läsningar i ärenden kontrolleras återkommande
  Källa: SoLPuL 10 § (systematiska och återkommande kontroller av vem som har haft åtkomst).

  Bakgrund:
    Givet att dagens datum är 2026-10-03
    Och att ärendet har kommit till "Kartlägg situationen"
    Och att Hanna har läst ärendet
    Och handläggaren slutför "Kartlägg situationen"
    Och att Vera har läst ärendet
    Och att det gäller processen loggkontroll
    Och att dagens datum är 2026-12-01

  Scenario: Stickprovet granskas och inget behöver utredas
    Så ska de öppna uppgifterna vara "Granska stickprovet"
    Och ska loggprovet ha vera som ingen_uppgift
    Och ska loggprovet ha hanna som stickprov
    När logggranskaren slutför "Granska stickprovet"
    Så ska processen loggkontroll vara avslutad
    Och ska loggkontrollens utfall vara inget

  Scenario: En läsning utan skäl utreds
    När logggranskaren slutför "Granska stickprovet" med
      | Behöver något utredas? | Ja                            |
      | Vad har du sett?       | Vera har inget med saken att göra |
    Så ska uppgiften "Utred åtkomsten" visa "Vera har inget med saken att göra"
    När dataskyddsombudet slutför "Utred åtkomsten" med
      | Vad görs? | Samtal med den som läste |
    Så ska loggkontrollens utfall vara samtal
    Och ska processen loggkontroll vara avslutad

  Scenario: Ingen granskar sina egna läsningar
    Givet att Lovisa finns i stickprovet
    Så får Lovisa inte slutföra "Granska stickprovet" eftersom stickprovet innehåller dina egna läsningar

  Scenario: Granskningen dröjer
    När 11 arbetsdagar har gått
    Så ska uppgiften "Granska stickprovet" vara eskalerad
    När 15 arbetsdagar har gått
    Så ska processen eskalering vara avslutad
