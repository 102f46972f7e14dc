# language: sv
Egenskap: Den individuella planen tas fram tillsammans och beslutas av socialtjänsten
  Källa: S2:58-62 (socialtjänsten beslutar), S3:107 (mall), S4:280 och S4:299 (samråd med Arbetsförmedlingen),
  S3:78 och S4:352 (barnomsorg), S5:16-18 (SIP).

  Scenario: Planen beslutas och personen får den
    Givet att ärendet har kommit till "Upprätta planutkast"
    När handläggaren slutför "Upprätta planutkast"
    Och handläggaren slutför "Ta in deltagarens synpunkter" med
      | Har personen sagt sin mening? | Ja                  |
      | Personens synpunkter          | Vill börja med språk |
      | Underskrift                   | Ingen underskrift   |
    Och beslutsfattaren slutför "Besluta om planen" med
      | Beslut | Planen beslutas |
    Så ska besluten vara plan beslutad
    Och ska breven vara krav_intrader, planbeslut
    Och ska de öppna uppgifterna vara "Anvisa deltagaren"

  Scenario: Barnomsorg, samråd och SIP ordnas samtidigt innan planen beslutas
    Givet att ärendet har kommit till "Upprätta planutkast"
    När handläggaren slutför "Upprätta planutkast" med
      | Vilka behöver medverka innan planen beslutas? | Förskola eller fritidshem; Arbetsförmedlingen (samråd); Flera aktörer, SIP |
    Så ska de öppna uppgifterna vara "Ordna barnomsorg" och "Samordna SIP"
    Och ska förskolan se uppgiften "Ordna barnomsorg"
    När förskolan slutför "Ordna barnomsorg" med
      | Går det att ordna? | Ja         |
      | Från och med       | 2026-11-02 |
    Och handläggaren slutför "Samordna SIP" med
      | Huvudansvarig aktör | Regionen |
    Så ska inga uppgifter vara öppna
    När handläggaren registrerar "Svar från AF" med
      | Svaret i korthet | Ingen krock med program |
    Så ska de öppna uppgifterna vara "Ta in deltagarens synpunkter"

  Scenario: Utan personens samtycke blir det ingen SIP
    Givet att ärendet har kommit till "Upprätta planutkast"
    Så får Hanna inte slutföra "Upprätta planutkast" med svaren, eftersom samtycker
      | Vilka behöver medverka innan planen beslutas? | Flera aktörer, SIP |
      | Personen samtycker till SIP                   | nej                |
    Och ska uppgiften "Upprätta planutkast" ligga hos rollen handlaggare_eb

  Scenario: Svarar inte Arbetsförmedlingen i tid dokumenteras det och planen går vidare
    Givet att ärendet har kommit till "Upprätta planutkast"
    Och handläggaren slutför "Upprätta planutkast" med
      | Vilka behöver medverka innan planen beslutas? | Arbetsförmedlingen (samråd) |
    När 10 arbetsdagar har gått
    Så ska inga uppgifter vara öppna
    När 1 arbetsdag har gått
    Så ska de öppna uppgifterna vara "Ta in deltagarens synpunkter"
    Och ska processen plan ha afSvarText = Inget svar inom svarstiden

  Scenario: Förskolan ser inget annat än det den behöver
    Givet att ärendet har kommit till "Upprätta planutkast"
    När handläggaren slutför "Upprätta planutkast" med
      | Vilka behöver medverka innan planen beslutas? | Förskola eller fritidshem |
    Så ska förskolan inte se ärendet
    Och ska förskolan i "Ordna barnomsorg" se barnomsorgTimmarBehov, barnomsorgOnskadFran och barnomsorgKontakt men inte planMal, behovsniva, kravtimmar och aktiviteter

  Scenario: Planen väntar på barnomsorg som saknas tills den är ordnad
    Givet att ärendet har kommit till "Upprätta planutkast"
    Och handläggaren slutför "Upprätta planutkast" med
      | Vilka behöver medverka innan planen beslutas? | Förskola eller fritidshem |
    När förskolan slutför "Ordna barnomsorg" med
      | Går det att ordna? | Nej, inte nu |
    Så ska inga uppgifter vara öppna
    När 20 dagar har gått
    Och handläggaren registrerar "Barnomsorgen ordnad" med
      | Är timmarna ordnade? | Ja |
    Så ska de öppna uppgifterna vara "Ta in deltagarens synpunkter"

  Scenario: Blir väntan på barnomsorg för lång anpassas planen till det som går
    Givet att ärendet har kommit till "Upprätta planutkast"
    Och handläggaren slutför "Upprätta planutkast" med
      | Vilka behöver medverka innan planen beslutas? | Förskola eller fritidshem |
    Och förskolan slutför "Ordna barnomsorg" med
      | Går det att ordna? | Nej, inte nu |
    När 31 dagar har gått
    Så ska de öppna uppgifterna vara "Ändra planen"
    När handläggaren slutför "Ändra planen"
    Så ska de öppna uppgifterna vara "Ta in deltagarens synpunkter"
    Och ska ärendet inte ha någon avvikelse

  Scenario: Planen ändras och personen får säga sitt igen
    Givet att ärendet har kommit till "Besluta om planen"
    När beslutsfattaren slutför "Besluta om planen" med
      | Beslut | Planen behöver ändras |
    Och handläggaren slutför "Ändra planen"
    Så ska de öppna uppgifterna vara "Ta in deltagarens synpunkter"
    Och ska inget beslut ha fattats

  Scenario: Aktiviteterna passar inte och ny matchning görs
    Givet att ärendet har kommit till "Besluta om planen"
    När beslutsfattaren slutför "Besluta om planen" med
      | Beslut | Aktiviteterna passar inte, gör ny matchning |
    Så ska de öppna uppgifterna vara "Välj aktivitetstyp"
    Och ska processen plan vara avslutad
    Och ska placeringarna vara avslutad

  Scenario: Platser som inte passade räknas inte in när timmarna matchas igen
    Givet att ärendet har kommit till "Besluta om planen"
    Och beslutsfattaren slutför "Besluta om planen" med
      | Beslut | Aktiviteterna passar inte, gör ny matchning |
    När konsulenten slutför "Välj aktivitetstyp"
    Och matcharen slutför "Välj plats" med
      | Timmar per vecka | 10 |
    Så ska de öppna uppgifterna vara "Välj aktivitetstyp"

  Scenario: Ett planbeslut som dröjer går till enhetschefen
    Givet att ärendet har kommit till "Besluta om planen"
    När 8 arbetsdagar har gått
    Så ska de öppna uppgifterna vara "Besluta om planen" och "Säkra att uppgiften görs"
    Och ska uppgiften "Besluta om planen" vara eskalerad
    När enhetschefen slutför "Säkra att uppgiften görs" med
      | Vad gör du? | Tar över |
    Så ska de öppna uppgifterna vara "Besluta om planen"
    När beslutsfattaren slutför "Besluta om planen" med
      | Beslut | Planen behöver ändras |
    Så ska processen eskalering vara avslutad
    Och ska de öppna uppgifterna vara "Ändra planen"

  Scenario: Kravet upphör och planarbetet avbryts
    Givet att ärendet har kommit till "Besluta om planen"
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska processen plan vara avslutad
    Och ska de öppna uppgifterna vara "Bedöm avslutet"

  Scenario: Kravet upphör och en plats som var reserverad blir fri
    Givet att ärendet har kommit till "Upprätta planutkast"
    När ett rättat biståndsbeslut kommer för 2026-09 med utfall avslag
    Och handläggaren slutför "Ta ställning till rättelsen" med
      | Vad ska gälla? | Gör ändringen |
    Så ska placeringarna vara avslutad

  Scenario: Ärendet lämnas tillbaka medan planen görs
    Givet att ärendet har kommit till "Upprätta planutkast"
    När konsulenten registrerar "Återlämning begärd" med
      | Varför? | Har blivit sjukskriven |
    Så ska processen plan vara avslutad
    Och ska de öppna uppgifterna vara "Ta ställning till återlämningen"
