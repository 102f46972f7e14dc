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

  Scenario: Lämnas ärendet tillbaka utreds bristen ändå av dem som ansvarar, och de ser bara det som rör verksamheten
    När konsulenten registrerar "Återlämning begärd" med
      | Varför? | Behöver stabiliserande insatser först |
    Så ska matcharen inte se ärendet
    Och ska matcharen se uppgiften "Utred vad som brast"
    Och ska matcharen i "Utred vad som brast" se leveranstyp, leveransBeskrivning och stodmanad men inte arendeId, enhet och personId
    När matcharen slutför "Utred vad som brast"
    Så ska arbetsmarknadschefen se uppgiften "Besluta om åtgärd"
    Och ska uppgiften "Besluta om åtgärd" visa "Allvar"
    När arbetsmarknadschefen slutför "Besluta om åtgärd" med
      | Ska utföraren åtgärda?               | Ja  |
      | Behöver personen en annan aktivitet? | Nej |
    Och utföraren slutför "Genomför åtgärden"
    Så ska processen leveransavvikelse vara avslutad
    Och ska leveransavvikelserna vara installt

  Scenario: Ett avslutat ärende stängs för arkivet när bristen är utredd
    Givet biståndsbesluten slutar komma
    Och att ärendet är avslutat från 2026-10-31 med grunden Flyttat från kommunen
    När dagens datum är 2027-06-01
    Så ska ärendet inte vara stängt
    Och ska uppgiften "Utred vad som brast" vara eskalerad
    När matcharen slutför "Utred vad som brast"
    Och arbetsmarknadschefen slutför "Besluta om åtgärd" med
      | Ska utföraren åtgärda?               | Nej |
      | Behöver personen en annan aktivitet? | Nej |
    Och dagens datum är 2027-07-02
    Så ska ärendet vara stängt
    Och ska historien vara hel

  Scenario: En utredning som dröjer går till chefen
    När 8 arbetsdagar har gått
    Så ska uppgiften "Utred vad som brast" vara eskalerad
    När arbetsmarknadschefen slutför "Säkra att uppgiften görs"
    Så ska de öppna uppgifterna vara "Utred vad som brast"
