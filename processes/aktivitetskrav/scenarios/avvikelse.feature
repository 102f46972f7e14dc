# language: sv
Egenskap: En avvikelse utreds, personen får yttra sig och en människa beslutar
  Källa: S1:79-83 (neka, sätta ned, avstå), FL 23 och 25 §§ (utredning, kommunicering), FL 31-33 §§ (beslut).
  Ingen väg går från närvaro till minskat bistånd utan en människas beslut, och den som beslutar är inte den som rapporterade.

  Bakgrund:
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren" med
      | Första dagen | 2026-10-05 |
    Och dagens datum är 2026-10-12
    Och konsulenten registrerar "Avvikelse upptäckt" med
      | Vad har hänt?    | Har uteblivit |
      | Från och med     | 2026-10-08    |
      | Till och med     | 2026-10-08    |
      | Timmar           | 6             |
      | Stödmånad        | 2026-10       |

  Scenario: Ett godtagbart skäl avslutar saken utan åtgärd
    När konsulenten slutför "Beskriv vad som hänt" med
      | Skäl                 | Sjukdom |
      | Anmält i förväg?     | Ja      |
    Och handläggaren slutför "Utred avvikelsen" med
      | Finns godtagbart skäl? | Ja, avsluta |
    Så ska ärendet ha avvikelsen uteblivit med utfallet godtagbart
    Och ska senaste brevet säga "skäl"
    Och ska inget ha överförts till verksamhetssystemet
    Och ska processen avvikelse vara avslutad

  Scenario: Det var anordnarens brist och blir en leveransavvikelse
    När konsulenten slutför "Beskriv vad som hänt" med
      | Skäl                  | Aktiviteten var inställd           |
      | Vems avvikelse är det? | Aktiviteten gavs inte som planerat |
    Så ska ärendet inte ha någon avvikelse
    Och ska de öppna uppgifterna vara "Utred vad som brast"
    Och ska processen avvikelse vara avslutad

  Scenario: Lämnas ärendet tillbaka beskriver konsulenten ändå vad som hänt, utan att se mer än iakttagelsen
    När konsulenten registrerar "Återlämning begärd" med
      | Varför? | Behöver stabiliserande insatser först |
    Så ska konsulenten inte se ärendet
    Och ska konsulenten i "Beskriv vad som hänt" se avvikelsetyp, avvikelseFran och stodmanad men inte arendeId och enhet
    Och ska uppgiften "Beskriv vad som hänt" visa "2026-10"
    När konsulenten slutför "Beskriv vad som hänt"
    Så ska uppgiften "Utred avvikelsen" ligga hos rollen handlaggare_eb

  Scenario: Personen yttrar sig och beslutet blir nedsättning
    Givet konsulenten slutför "Beskriv vad som hänt"
    Och handläggaren slutför "Utred avvikelsen" med
      | Finns godtagbart skäl? | Nej, personen ska få yttra sig |
    Så ska senaste brevet säga "Inget är bestämt"
    Och ska inga uppgifter vara öppna
    När handläggaren registrerar "Yttrande inkom" med
      | Yttrandet | Bussen kom inte |
    Och handläggaren slutför "Bedöm skäl och barnets bästa" med
      | Finns barn i hushållet?                    | Ja                |
      | Vad betyder en nedsättning för barnen?     | Hyran är betald   |
      | Förslag till beslut                        | Sätt ned          |
    Och beslutsfattaren slutför "Fatta beslut" med
      | Beslut       | Sätt ned |
      | Nedsättning  | 20       |
    Så ska besluten vara plan beslutad, avvikelse nedsatt
    Och ska verksamhetssystemet ha fått nedsatt
    Och ska ärendet ha avvikelsen uteblivit med utfallet nedsatt
    Och ska senaste brevet säga "20 procent"
    Och ska processen overklagande pågå

  Scenario: Svarar personen inte går ärendet vidare när svarstiden är slut
    Givet konsulenten slutför "Beskriv vad som hänt"
    Och handläggaren slutför "Utred avvikelsen"
    När dagens datum är 2026-10-26
    Så ska ingen uppgift heta "Bedöm skäl och barnets bästa"
    När dagens datum är 2026-10-27
    Så ska uppgiften "Bedöm skäl och barnets bästa" ligga hos rollen handlaggare_eb

  Scenario: Svarstid som slutar en lördag gäller till och med nästa arbetsdag
    Givet konsulenten slutför "Beskriv vad som hänt"
    Och dagens datum är 2026-10-17
    Och handläggaren slutför "Utred avvikelsen"
    När dagens datum är 2026-11-02
    Så ska ingen uppgift heta "Bedöm skäl och barnets bästa"
    När dagens datum är 2026-11-03
    Så ska uppgiften "Bedöm skäl och barnets bästa" ligga hos rollen handlaggare_eb

  Scenario: Särskilda skäl gör att nämnden avstår
    Givet ärendet har kommit till "Bedöm skäl och barnets bästa"
    När handläggaren slutför "Bedöm skäl och barnets bästa" med
      | Finns särskilda skäl att avstå? | Ja                     |
      | Vilka?                          | Barnen saknar mat      |
      | Förslag till beslut             | Avstå, särskilda skäl  |
    Och beslutsfattaren slutför "Fatta beslut" med
      | Beslut | Avstå, särskilda skäl |
    Så ska besluten vara plan beslutad, avvikelse avsta
    Och ska inget ha överförts till verksamhetssystemet
    Och ska senaste brevet säga "särskilda skäl"
    När 2 månader har gått
    Så ska processen avvikelse vara avslutad

  Scenario: Underlaget räcker inte och utredningen kompletteras
    Givet ärendet har kommit till "Fatta beslut"
    När beslutsfattaren slutför "Fatta beslut" med
      | Beslut | Underlaget räcker inte, utred mer |
    Så ska uppgiften "Komplettera utredningen" ligga hos rollen handlaggare_eb
    När handläggaren slutför "Komplettera utredningen"
    Så ska uppgiften "Bedöm skäl och barnets bästa" ligga hos rollen handlaggare_eb
    Och ska inget ha överförts till verksamhetssystemet

  Scenario: Ett beslut som dröjer går till enhetschefen
    Givet ärendet har kommit till "Fatta beslut"
    När 8 arbetsdagar har gått
    Så ska uppgiften "Fatta beslut" vara eskalerad
    Och ska uppgiften "Säkra att uppgiften görs" ligga hos rollen enhetschef_eb
    När enhetschefen slutför "Säkra att uppgiften görs"
    Så ska ingen uppgift heta "Säkra att uppgiften görs"
    När beslutsfattaren slutför "Fatta beslut" med
      | Beslut | Underlaget räcker inte, utred mer |
    Så ska processen eskalering vara avslutad

  Scenario: Den som rapporterade avvikelsen får inte besluta
    Givet ärendet har kommit till "Fatta beslut"
    Och Eva är den som har rapporterat avvikelsen
    Så får Eva inte slutföra "Fatta beslut" eftersom den som beslutar
    Och ska inget ha överförts till verksamhetssystemet

  Scenario: Två avvikelser handläggs var för sig
    När konsulenten registrerar "Avvikelse upptäckt" med
      | Vad har hänt?    | För få timmar |
      | Från och med     | 2026-10-09    |
      | Till och med     | 2026-10-09    |
      | Stödmånad        | 2026-10       |
    Så ska de öppna uppgifterna vara "Beskriv vad som hänt" och "Beskriv vad som hänt"

  Scenario: Upphör kravet innan händelsen är beskriven finns inget att pröva
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska processen avvikelse vara avslutad
    Och ska ingen uppgift heta "Beskriv vad som hänt"
