# language: sv
Egenskap: När sysselsättningen ändras räknas kravtimmarna om, och en människa bestämmer
  Källa: S1:73-77 (deltid och förmåga), S5:185-191 (program, samordningsförbund, komvux).

  Bakgrund:
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren"

  Scenario: Arbete på deltid minskar kravtimmarna och planen omprövas
    När handläggaren registrerar "Sysselsättningen har ändrats" med
      | Från och med                           | 2026-10-12 |
      | Arbete                                 | 15         |
      | Program hos Arbetsförmedlingen         |            |
      | Studier, till exempel sfi eller komvux | 5          |
      | Annat, till exempel genom samordningsförbund | 4    |
      | Vad studerar personen?                       | Sfi  |
      | Hur är studierna styrkta?                    | Intyg eller antagningsbesked |
      | Vad är den andra sysselsättningen?           | Insats genom samordningsförbund |
    Så ska processen sysselsattning ha kravtimmarForslag = 16
    När handläggaren slutför "Bestäm kravtimmar" med
      | Vad blir följden? | Kravtimmarna ändras |
      | Nya kravtimmar    | 16                  |
    Så ska kravet vara 16 timmar i veckan
    Och ska besluten vara plan beslutad och omfattning 16
    Och ska kartläggningen säga studieform sfi
    Och ska kartläggningen säga ovrigSysselsattning samordningsforbund
    Och ska senaste brevet säga "16 timmar i veckan"
    Och ska de öppna uppgifterna vara "Ompröva planen"

  Scenario: Det som inte har ändrats hämtas från kartläggningen
    När handläggaren registrerar "Sysselsättningen har ändrats" med
      | Arbete                                 | 10 |
      | Program hos Arbetsförmedlingen         |    |
      | Studier, till exempel sfi eller komvux |    |
      | Annat, till exempel genom samordningsförbund | |
    Och handläggaren slutför "Bestäm kravtimmar" med
      | Vad blir följden? | Kravtimmarna ändras |
      | Nya kravtimmar    | 30                  |
    Och handläggaren registrerar "Sysselsättningen har ändrats" med
      | Arbete                                 |   |
      | Program hos Arbetsförmedlingen         |   |
      | Studier, till exempel sfi eller komvux | 6 |
      | Annat, till exempel genom samordningsförbund | |
    Och handläggaren slutför "Bestäm kravtimmar" med
      | Vad blir följden? | Kravtimmarna ändras |
      | Nya kravtimmar    | 24                  |
    Så ska senaste brevet säga "räknat av 10 timmar: Arbete"
    Och ska senaste brevet säga "räknat av 6 timmar: Studier"
    Och ska kravet vara 24 timmar i veckan

  Scenario: En ändring som inte påverkar timmarna
    När handläggaren registrerar "Sysselsättningen har ändrats" med
      | Arbete | 1 |
    Och handläggaren slutför "Bestäm kravtimmar" med
      | Vad blir följden? | Inget ändras |
    Så ska kravet vara 30 timmar i veckan
    Och ska processen sysselsattning vara avslutad
    Och ska inga uppgifter vara öppna

  Scenario: Den som försörjer sig på sitt arbete går vidare till avslut
    När handläggaren registrerar "Sysselsättningen har ändrats" med
      | Arbete | 40 |
    Och handläggaren slutför "Bestäm kravtimmar" med
      | Vad blir följden?    | Personen försörjer sig, avsluta ärendet |
      | Grund för avslutet   | Arbete, försörjer sig |
    Så ska de öppna uppgifterna vara "Håll avslutssamtal"

  Scenario: Gäller inget krav ändras inga timmar
    Givet att det gäller en annan person
    Och biståndsbeslut kommer för 2026-10
    När handläggaren registrerar "Sysselsättningen har ändrats"
    Så ska processen sysselsattning vara avslutad
    Och ska inga uppgifter vara öppna
