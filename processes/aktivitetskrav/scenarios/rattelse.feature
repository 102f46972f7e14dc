# language: sv
Egenskap: Ett felaktigt beslut rättas eller ändras av en människa, och aldrig till nackdel utan stöd i lagen
  Källa: FL 36 § (rättelse), FL 37-38 §§ (ändring), FL 25 § (kommunicering), FL 33 och 40-46 §§ (underrättelse, överklagande).

  Bakgrund:
    Givet att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren" med
      | Första dagen | 2026-10-05 |
    Och dagens datum är 2026-10-12
    Och konsulenten registrerar "Avvikelse upptäckt" med
      | Stödmånad | 2026-10 |
    Och ärendet har kommit till "Fatta beslut"
    Och dagens datum är 2026-11-02

  Scenario: Ett skrivfel i en nedsättning rättas och det nya beslutet meddelas
    Givet beslutsfattaren slutför "Fatta beslut" med
      | Beslut                | Sätt ned |
      | Nedsättning           | 52       |
    När handläggaren registrerar "Rättelse begärd" med
      | Vad är fel? | Det står 52 procent, det ska vara 25 |
    Och handläggaren slutför "Utred vad som är fel" med
      | Vilket beslut gäller det? | Avvikelse, nedsatt (2026-11-02)                |
      | Vad är det för fel?       | Skrivfel, räknefel eller liknande förbiseende |
      | Vad ska stå i stället?    | Nedsättningen är 25 procent.                  |
    Och beslutsfattaren slutför "Besluta om rättelse eller ändring" med
      | Beslut                     | Beslutet rättas |
      | Nytt utfall i avvikelsen   | Nedsättning     |
      | Nedsättning i procent      | 25              |
    Så ska besluten vara plan beslutad, avvikelse nedsatt och rattelse rattas
    Och ska verksamhetssystemet ha fått nedsatt och nedsatt
    Och ska senaste brevet säga "Vi har rättat ett beslut"
    Och ska senaste brevet säga "36 § förvaltningslagen"
    När dagens datum är 2026-12-05
    Så ska processen rattelse vara avslutad
    Och ska historien vara hel

  Scenario: Ett beslut i sak ändras till fördel utan att biståndet berörs
    Givet beslutsfattaren slutför "Fatta beslut" med
      | Beslut | Neka |
    När registratorn registrerar "Rättelse begärd" med
      | Vad är fel? | Planen gäller till fel dag |
    Och handläggaren slutför "Utred vad som är fel" med
      | Vilket beslut gäller det?             | Plan, beslutad (2026-09-03)                     |
      | Vad är det för fel?                   | Fel i sak: nya omständigheter eller fel bedömning |
      | Åt vilket håll ändras det för personen? | Till personens fördel                         |
    Och beslutsfattaren slutför "Besluta om rättelse eller ändring" med
      | Beslut                   | Beslutet ändras |
      | Nytt utfall i avvikelsen |                 |
      | Gäller till och med      | 2027-03-31      |
    Så ska besluten vara plan beslutad, avvikelse neka och andring andras
    Och ska verksamhetssystemet ha fått neka
    Och ska senaste brevet säga "Vi har ändrat ett beslut"

  Scenario: Ett gynnande beslut får inte ändras till nackdel när inget av lagens fall gäller
    Givet beslutsfattaren slutför "Fatta beslut" med
      | Beslut | Avstå, särskilda skäl |
    När handläggaren registrerar "Rättelse begärd"
    Och handläggaren slutför "Utred vad som är fel" med
      | Vilket beslut gäller det?             | Avvikelse, avsta (2026-11-02)                   |
      | Vad är det för fel?                   | Fel i sak: nya omständigheter eller fel bedömning |
      | Åt vilket håll ändras det för personen? | Till personens nackdel                        |
      | Är beslutet gynnande för personen?    | Ja                                              |
      | Vilket av lagens fall gäller?         | Inget av fallen                                 |
    Så ska processen rattelse vara avslutad
    Och ska senaste brevet säga "Beslutet står fast"
    Och ska senaste brevet säga "inget av lagens tre fall gäller"
    Och ska besluten vara plan beslutad och avvikelse avsta

  Scenario: Personen hörs innan ett beslut ändras till nackdel och yttrar sig
    Givet beslutsfattaren slutför "Fatta beslut" med
      | Beslut | Avstå, särskilda skäl |
    Och handläggaren registrerar "Rättelse begärd"
    När handläggaren slutför "Utred vad som är fel" med
      | Vilket beslut gäller det?             | Avvikelse, avsta (2026-11-02)                   |
      | Vad är det för fel?                   | Fel i sak: nya omständigheter eller fel bedömning |
      | Åt vilket håll ändras det för personen? | Till personens nackdel                        |
      | Är beslutet gynnande för personen?    | Ja                                              |
      | Vilket av lagens fall gäller?         | Personen har lämnat oriktiga eller vilseledande uppgifter |
    Så ska senaste brevet säga "Inget är bestämt"
    Och ska ingen uppgift heta "Besluta om rättelse eller ändring"
    När handläggaren registrerar "Yttrande om ändringen" med
      | Yttrandet | Uppgifterna stämde |
    Och beslutsfattaren slutför "Besluta om rättelse eller ändring" med
      | Beslut | Beslutet står fast |
    Så ska senaste brevet säga "Beslutet står fast"
    Och ska processen rattelse vara avslutad
    Och ska besluten vara plan beslutad och avvikelse avsta

  Scenario: Svarar personen inte beslutas ändringen med lagens fall antecknat
    Givet beslutsfattaren slutför "Fatta beslut" med
      | Beslut | Avstå, särskilda skäl |
    Och handläggaren registrerar "Rättelse begärd"
    Och handläggaren slutför "Utred vad som är fel" med
      | Vilket beslut gäller det?             | Avvikelse, avsta (2026-11-02)                   |
      | Vad är det för fel?                   | Fel i sak: nya omständigheter eller fel bedömning |
      | Åt vilket håll ändras det för personen? | Till personens nackdel                        |
      | Är beslutet gynnande för personen?    | Ja                                              |
      | Vilket av lagens fall gäller?         | Personen har lämnat oriktiga eller vilseledande uppgifter |
    När dagens datum är 2026-11-17
    Så ska uppgiften "Besluta om rättelse eller ändring" ligga hos rollen beslutsfattare
    När beslutsfattaren slutför "Besluta om rättelse eller ändring" med
      | Beslut                   | Beslutet ändras |
      | Nytt utfall i avvikelsen | Nedsättning     |
      | Nedsättning i procent    | 10              |
    Så ska besluten vara plan beslutad, avvikelse avsta och andring andras
    Och ska ändringen ha stöd i oriktiga_uppgifter
    Och ska verksamhetssystemet ha fått nedsatt

  Scenario: Den som rapporterade avvikelsen får inte ändra beslutet om den
    Givet beslutsfattaren slutför "Fatta beslut" med
      | Beslut | Avstå, särskilda skäl |
    Och att Eva är den som har rapporterat avvikelsen i registret
    Och handläggaren registrerar "Rättelse begärd"
    Och handläggaren slutför "Utred vad som är fel" med
      | Vilket beslut gäller det? | Avvikelse, avsta (2026-11-02)                 |
      | Vad är det för fel?       | Skrivfel, räknefel eller liknande förbiseende |
    Så får Eva inte slutföra "Besluta om rättelse eller ändring" eftersom rapporterade avvikelsen

  Scenario: Ett beslut som är gynnande går inte att kalla något annat
    Givet beslutsfattaren slutför "Fatta beslut" med
      | Beslut | Avstå, särskilda skäl |
    Och handläggaren registrerar "Rättelse begärd"
    Så får Hanna inte slutföra "Utred vad som är fel" med svaren, eftersom beslutet är gynnande
      | Vilket beslut gäller det?               | Avvikelse, avsta (2026-11-02)                     |
      | Vad är det för fel?                     | Fel i sak: nya omständigheter eller fel bedömning |
      | Åt vilket håll ändras det för personen? | Till personens nackdel                            |
      | Är beslutet gynnande för personen?      | Nej                                               |
    Och ska uppgiften "Utred vad som är fel" ligga hos rollen handlaggare_eb

  Scenario: Dröjer beslutet får chefen en uppgift och beslutsfattaren har sin kvar
    Givet beslutsfattaren slutför "Fatta beslut" med
      | Beslut | Neka |
    Och handläggaren registrerar "Rättelse begärd"
    Och handläggaren slutför "Utred vad som är fel" med
      | Vilket beslut gäller det? | Avvikelse, neka (2026-11-02)                  |
      | Vad är det för fel?       | Skrivfel, räknefel eller liknande förbiseende |
    När 8 arbetsdagar har gått
    Så ska uppgiften "Besluta om rättelse eller ändring" vara eskalerad
    När enhetschefen slutför "Säkra att uppgiften görs"
    Och beslutsfattaren slutför "Besluta om rättelse eller ändring" med
      | Beslut | Beslutet står fast |
    Så ska processen rattelse vara avslutad

  Scenario: Ett ärende utan beslut har inget att rätta
    Givet beslutsfattaren slutför "Fatta beslut" med
      | Beslut | Neka |
    Och det gäller en annan person
    Och biståndsbeslut kommer för 2026-11
    När handläggaren registrerar "Rättelse begärd"
    Så ska processen rattelse vara avslutad
    Och ska inga uppgifter vara öppna
