# language: sv
Egenskap: Kravet inträder efter tre sammanhängande biståndsmånader
  Källa: S1:69-71, S2:46-47. Antalet månader är parametern krav_manader; brott i kedjan enligt parametrarna.

  Scenario: Två månader räcker inte för att kravet ska inträda
    När biståndsbeslut kommer månadsvis från 2026-07 till 2026-08
    Så ska ärendet ha kravstatus forberedelse
    Och ska processen kravintrade pågå
    Och ska inga fel finnas

  Scenario: Tredje sammanhängande månaden gör att kravet gäller
    När biståndsbeslut kommer månadsvis från 2026-07 till 2026-09
    Så ska ärendet ha kravstatus galler
    Och ska inga fel finnas

  Scenario: En månad utan bistånd bryter kedjan
    När biståndsbeslut kommer månadsvis från 2026-07 till 2026-08
    Och biståndsbeslut kommer för 2026-09 med utfall avslag
    Så ska ärendet ha kravstatus ej_intratt
    Och ska processen kravintrade vara avslutad
    Och ska inga fel finnas

  Scenario: En nekad månad bryter inte kedjan
    När biståndsbeslut kommer månadsvis från 2026-07 till 2026-08
    Och biståndsbeslut kommer för 2026-09 med utfall nekad
    Och biståndsbeslut kommer för 2026-10
    Så ska ärendet ha kravstatus galler
    Och ska inga fel finnas
