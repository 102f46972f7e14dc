# language: sv
Egenskap: Beslutet meddelas, kan överklagas och domen verkställs
  Källa: FL 33 § (underrättelse), FL 38 § (ändring), FL 40-46 §§ (tre veckor, rättidsprövning, överlämnande).

  Bakgrund:
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren" med
      | Första dagen | 2026-10-05 |
    Och dagens datum är 2026-10-12
    Och konsulenten registrerar "Avvikelse upptäckt" med
      | Stödmånad | 2026-10 |
    Och ärendet har kommit till "Fatta beslut"
    Och dagens datum är 2026-11-02
    Och beslutsfattaren slutför "Fatta beslut" med
      | Beslut | Neka |

  Scenario: Ingen överklagar och beslutet står fast
    Så ska senaste brevet säga "Du kan överklaga"
    När dagens datum är 2026-11-30
    Så ska processen overklagande pågå
    När dagens datum är 2026-12-01
    Så ska processen overklagande vara avslutad
    Och ska processen avvikelse vara avslutad
    Och ska verksamhetssystemet ha fått neka
    Och kan handläggaren inte registrera "Överklagande inkom"
    Och ska historien vara hel

  Scenario: Stadsdelens nya servicemål flyttar personalens uppgift men inte tiden att överklaga
    Så ska uppgiften "Följ upp deltagandet" förfalla 2026-11-05
    Och ska "Tiden gick ut" inträffa 2026-12-01
    När parametern uppfoljning_arbetsdagar ändras till 20 för enheten sdf_soder
    Och parametern overklagande_veckor ändras till 5
    Och fristerna räknas om
    Så ska uppgiften "Följ upp deltagandet" förfalla 2026-11-05
    När parametern uppfoljning_arbetsdagar ändras till 8 för enheten sdf_norr
    Och fristerna räknas om
    Så ska uppgiften "Följ upp deltagandet" förfalla 2026-11-10
    Och ska "Tiden gick ut" inträffa 2026-12-01
    När dagens datum är 2026-12-01
    Så ska processen overklagande vara avslutad
    Och ska historien vara hel

  Scenario: Överklagandet kom för sent och avvisas
    När registratorn registrerar "Överklagande inkom" med
      | Kom in den                       | 2026-11-30      |
      | Vad överklagas och varför?       | Det är orimligt |
    Och handläggaren slutför "Pröva om det kom i tid" med
      | Kom det i rätt tid? | Nej |
    Och beslutsfattaren slutför "Avvisa överklagandet"
    Så ska besluten vara plan beslutad, avvikelse neka, avvisning avvisat
    Och ska överklagandet gälla beslutet avvikelse och ha utfallet avvisat
    Och ska senaste brevet säga "för sent"
    Och ska processen avvikelse vara avslutad

  Scenario: Beslutet ändras till personens fördel
    När handläggaren registrerar "Överklagande inkom"
    Och handläggaren slutför "Pröva om det kom i tid" med
      | Kom det i rätt tid? | Ja |
    Och beslutsfattaren slutför "Ompröva beslutet" med
      | Ändras beslutet? | Ja, till personens fördel |
    Så ska verksamhetssystemet ha fått neka, andrat
    Och ska överklagandet gälla beslutet avvikelse och ha utfallet andras
    Och ska processen avvikelse vara avslutad

  Scenario: Överklagandet går till förvaltningsrätten och domen verkställs
    Givet handläggaren registrerar "Överklagande inkom"
    Och handläggaren slutför "Pröva om det kom i tid" med
      | Kom det i rätt tid? | Ja |
    När beslutsfattaren slutför "Ompröva beslutet" med
      | Ändras beslutet? | Nej, lämna över till förvaltningsrätten |
    Och handläggaren slutför "Överlämna till förvaltningsrätten"
    Och registratorn registrerar "Dom inkom" med
      | Utfall | Bifall |
    Och handläggaren slutför "Verkställ domen"
    Så ska verksamhetssystemet ha fått neka, dom_bifall
    Och ska överklagandet gälla beslutet avvikelse och ha utfallet andras_inte
    Och ska processen avvikelse vara avslutad
