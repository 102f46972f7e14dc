# language: sv
Egenskap: Kvartalets rapport till IVO
  Källa: S3:90 (struktur för rapportering till IVO), S1:84-87 (systematiska brister). Första kvartalet: parametern ivo_forsta_kvartal.

  Bakgrund:
    Givet att det gäller processen rapportering

  Scenario: Kvartalet fryses, granskas, godkänns av någon annan och lämnas
    Givet att det gäller ett ärende
    Och att systemet har stått stilla till 2026-12-01
    Och att ärendet har kommit till "Anvisa deltagaren"
    Och konsulenten slutför "Anvisa deltagaren"
    Och att det gäller processen rapportering
    Och att systemet har stått stilla till 2027-04-01
    Så ska de öppna uppgifterna vara "Granska underlaget"
    Och ska rapporten ivo 2027-K1 finnas i version 1
    Och ska rapporten ivo 2027-K1 ha 1 anvisade med hinder arbetslos
    Och ska rapporten ivo 2027-K1 ha 0 nekade med hinder arbetslos
    Och ska uppgiften "Granska underlaget" visa "anvisade färre än 5"
    När controllern slutför "Granska underlaget"
    Så ska uppgiften "Godkänn rapporten" ligga hos rollen kvalitetsansvarig
    När kvalitetsansvarig slutför "Godkänn rapporten"
    Så ska rapporten ivo 2027-K1 vara godkänd av kerstin
    Och ska rapporten ivo 2027-K1 ha en fil som säger "hinder;arbetslos;Arbetslös;anvisade;1"
    När controllern slutför "Lämna rapporten hos IVO" med
      | Det här är gjort            | Loggat in i e-tjänsten; Skickat in |
      | Lämnad den                  | idag                               |
      | Kvittens eller ärendenummer | IVO-1234                           |
    Så ska rapporten ivo 2027-K1 ha kvittensen IVO-1234
    Och ska processen rapportering vara avslutad
    Och ska historien vara hel

  Scenario: Den som granskade får inte godkänna
    Givet att systemet har stått stilla till 2027-04-01
    Och controllern slutför "Granska underlaget"
    Och att Kerstin är den som har granskat
    Så får Kerstin inte slutföra "Godkänn rapporten" eftersom den som godkänner rapporten får inte vara den som granskade

  Scenario: Brister i underlaget rättas och kvartalet fryses på nytt
    Givet att systemet har stått stilla till 2027-04-01
    När controllern slutför "Granska underlaget" med
      | Kan rapporten gå till godkännande? | Nej, något behöver rättas |
    Och controllern slutför "Rätta underlaget"
    Så ska rapporten ivo 2027-K1 finnas i version 2
    Och ska de öppna uppgifterna vara "Granska underlaget"

  Scenario: Rapporten godkänns inte och lämnas tillbaka
    Givet att systemet har stått stilla till 2027-04-01
    Och controllern slutför "Granska underlaget"
    När kvalitetsansvarig slutför "Godkänn rapporten" med
      | Godkänner du rapporten? | Nej, den ska rättas |
      | Kommentar               | Talen är för låga   |
    Så ska uppgiften "Rätta underlaget" visa "Talen är för låga"

  Scenario: Granskningen dröjer
    Givet att systemet har stått stilla till 2027-04-01
    När dagens datum är 2027-04-21
    Så ska uppgiften "Granska underlaget" vara eskalerad

  Scenario: Godkännandet dröjer
    Givet att systemet har stått stilla till 2027-04-01
    Och controllern slutför "Granska underlaget"
    När dagens datum är 2027-04-21
    Så ska uppgiften "Godkänn rapporten" vara eskalerad

  Scenario: Lämnandet dröjer, och till sist har alla led fått veta
    Givet att systemet har stått stilla till 2027-04-01
    Och controllern slutför "Granska underlaget"
    Och kvalitetsansvarig slutför "Godkänn rapporten"
    När dagens datum är 2027-04-21
    Så ska uppgiften "Lämna rapporten hos IVO" vara eskalerad
    När 15 arbetsdagar har gått
    Så ska processen eskalering vara avslutad
    Och ska de öppna uppgifterna vara "Lämna rapporten hos IVO"
