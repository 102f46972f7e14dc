# language: sv
Egenskap: Brister i aktiviteterna rättas av dem som ansvarar för aktiviteterna
  Källa: S1:272-273 (avvikelser i utförandet), S1:84-87 (systematiska brister). De påverkar aldrig personens bistånd.

  Bakgrund:
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren"
    Och utföraren registrerar "Brist upptäckt" med
      | Vad har brustit? | Inställda pass |
      | Beskriv          | Läraren sjuk   |
      | Stödmånad        | 2026-10        |

  Scenario: Chefen beslutar en åtgärd och bristen är åtgärdad
    När matcharen slutför "Utred vad som brast" med
      | Orsak                   | Personal saknades |
      | Hur allvarligt är det?  | Enstaka           |
    Och arbetsmarknadschefen slutför "Besluta om åtgärd" med
      | Ska utföraren åtgärda?           | Nej |
      | Behöver personen en annan aktivitet? | Nej |
    Så ska leveransavvikelserna vara installt
    Och ska ärendet inte ha någon avvikelse
    Och ska inget ha överförts till verksamhetssystemet
    Och ska processen leveransavvikelse vara avslutad

  Scenario: Utföraren åtgärdar
    Givet matcharen slutför "Utred vad som brast"
    När arbetsmarknadschefen slutför "Besluta om åtgärd" med
      | Ska utföraren åtgärda? | Ja |
    Så ska utföraren se uppgiften "Genomför åtgärden"
    Och ska utföraren inte se ärendet
    Och ska utföraren i "Genomför åtgärden" se leveranstyp och leveransBeskrivning men inte arendeId, enhet och leveransUtredning
    När utföraren slutför "Genomför åtgärden"
    Så ska processen leveransavvikelse vara avslutad

  Scenario: Personen behöver en annan aktivitet och planen omprövas
    Givet matcharen slutför "Utred vad som brast"
    När arbetsmarknadschefen slutför "Besluta om åtgärd" med
      | Behöver personen en annan aktivitet? | Ja |
    Så ska de öppna uppgifterna vara "Ompröva planen"

  Scenario: En utredning som dröjer går till chefen
    När 6 arbetsdagar har gått
    Så ska uppgiften "Utred vad som brast" vara eskalerad
    När arbetsmarknadschefen slutför "Säkra utredningen"
    Så ska de öppna uppgifterna vara "Utred vad som brast"
