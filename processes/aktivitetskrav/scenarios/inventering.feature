# language: sv
Egenskap: Målgruppen inventeras och insatserna utvecklas efter behoven
  Källa: S1:205-211 (systematisk och återkommande målgruppsinventering, även per stadsdel), S1:242-243, S3:88.

  Bakgrund:
    Givet att det gäller processen inventering

  Scenario: Behoven räknas per stadsdel och utbudet räcker
    Givet att det gäller ett ärende
    Och att systemet har stått stilla till 2026-11-20
    Och att ärendet har kommit till "Välj aktivitetstyp"
    Och att systemet har stått stilla till 2027-02-01
    Och att det gäller processen inventering
    Så ska de öppna uppgifterna vara "Analysera glappet"
    Och ska inventeringen ha 1 person i sdf_norr med hinder arbetslos
    Och ska inventeringen ha 1 person i sdf_norr med behovsniva niva2
    Och ska uppgiften "Analysera glappet" visa "Stadsdel Norr, Arbetslös: färre än 5 personer"
    Och ska uppgiften "Analysera glappet" visa "Hela kommunen, Språkaktivitet: 0 personer, 180 platser"
    När controllern slutför "Analysera glappet" med
      | Behövs nya eller ändrade insatser? | Nej, utbudet räcker |
    Så ska processen inventering vara avslutad

  Scenario: Nya insatser föreslås, beslutas och följs upp
    Givet att systemet har stått stilla till 2027-02-01
    Och controllern slutför "Analysera glappet"
    När matcharen slutför "Ta fram förslag till insatser" med
      | Vilka insatser ska utvecklas, för vem och var? | Språkpraktik i Norr                                  |
      | Var kan platserna finnas?                      | Andra förvaltningar i kommunen; Civilsamhället       |
    Och arbetsmarknadschefen slutför "Besluta om insatser"
    Så ska förbättringen vara beslutas av charlotte
    Och ska inga uppgifter vara öppna
    När 6 månader har gått
    Och controllern slutför "Följ upp insatserna" med
      | Vad gav insatserna? | Tio nya platser |
    Så ska förbättringens resultat vara "Tio nya platser"
    Och ska ingen uppgift heta "Följ upp insatserna"

  Scenario: Förslaget arbetas om och avslås sedan
    Givet att systemet har stått stilla till 2027-02-01
    Och controllern slutför "Analysera glappet"
    Och matcharen slutför "Ta fram förslag till insatser"
    När arbetsmarknadschefen slutför "Besluta om insatser" med
      | Beslut     | Förslaget ska arbetas om |
      | Motivering | För dyrt                 |
    Så ska uppgiften "Ta fram förslag till insatser" visa "För dyrt"
    När matcharen slutför "Ta fram förslag till insatser"
    Och arbetsmarknadschefen slutför "Besluta om insatser" med
      | Beslut | Inget ska utvecklas nu |
    Så ska processen inventering vara avslutad

  Scenario: Analysen dröjer
    Givet att systemet har stått stilla till 2027-02-01
    När 11 arbetsdagar har gått
    Så ska uppgiften "Analysera glappet" vara eskalerad
    När 15 arbetsdagar har gått
    Så ska processen eskalering vara avslutad

  Scenario: Beslutet dröjer
    Givet att systemet har stått stilla till 2027-02-01
    Och controllern slutför "Analysera glappet"
    Och matcharen slutför "Ta fram förslag till insatser"
    När 11 arbetsdagar har gått
    Så ska uppgiften "Besluta om insatser" vara eskalerad

  Scenario: Uppföljningen dröjer
    Givet att systemet har stått stilla till 2027-02-01
    Och controllern slutför "Analysera glappet"
    Och matcharen slutför "Ta fram förslag till insatser"
    Och arbetsmarknadschefen slutför "Besluta om insatser"
    När 6 månader har gått
    Och 11 arbetsdagar har gått
    Så ska uppgiften "Följ upp insatserna" vara eskalerad
