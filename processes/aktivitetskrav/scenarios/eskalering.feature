# language: sv
Egenskap: En uppgift som dröjer går till nästa led, ett steg i taget
  Källa: S1:276 och S1:289-291 (korta ledtider). Här är det månadens statistik som dröjer.

  Bakgrund:
    Givet att det gäller processen manadsstatistik
    Och att dagens datum är 2026-11-02
    Och att dagens datum är 2026-11-11

  Scenario: Först påminns den ansvarige
    Så ska uppgiften "Kontrollera statistiken" vara eskalerad
    Och ska påminnelserna gälla "Kontrollera statistiken"
    Och ska de öppna uppgifterna vara "Kontrollera statistiken"

  Scenario: Sedan får närmaste chef och till sist chefens chef ta ställning
    När 2 arbetsdagar har gått
    Så ska uppgiften "Säkra att uppgiften görs" ligga hos rollen kvalitetsansvarig
    Och ska uppgiften "Säkra att uppgiften görs" visa "Kontrollera statistiken"
    När kvalitetsansvarig slutför "Säkra att uppgiften görs" med
      | Vad gör du? | Påminner |
    Så ska de öppna uppgifterna vara "Kontrollera statistiken"
    När 4 arbetsdagar har gått
    Så ska uppgiften "Säkra att uppgiften görs" ligga hos rollen stabschef
    När stabschefen slutför "Säkra att uppgiften görs"
    Och 6 arbetsdagar har gått
    Så ska processen eskalering vara avslutad
    Och ska de öppna uppgifterna vara "Kontrollera statistiken"

  Scenario: En chef som inte svarar hoppas över
    Givet 2 arbetsdagar har gått
    När 4 arbetsdagar har gått
    Så ska uppgiften "Säkra att uppgiften görs" ligga hos rollen stabschef

  Scenario: När uppgiften är gjord slutar eskaleringen av sig själv
    Givet 2 arbetsdagar har gått
    Så ska uppgiften "Säkra att uppgiften görs" ligga hos rollen kvalitetsansvarig
    När controllern slutför "Kontrollera statistiken"
    Så ska de öppna uppgifterna vara "Lämna statistiken"
    Och ska ingen uppgift heta "Säkra att uppgiften görs"
    När controllern slutför "Lämna statistiken"
    Så ska processen eskalering vara avslutad
    Och ska inga fel finnas
