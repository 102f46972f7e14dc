"""What the caseworker answers on the way to the employment adviser."""

from __future__ import annotations

MAPPING = {"hinder": "arbetslos", "sjukskriven": "nej"}
EXTENT = {
    "undantag": "inget",
    "kravtimmar": "30",
    "omfattningMotivering": "Heltid är möjligt enligt samtalet.",
}
NEEDS = {
    "behovsniva": "niva2",
    "mal": "Arbete inom vården.",
    "arbetsformaga": "hel",
    "sprakniva": "b1",
    "samtycke": "ja",
    "beslutsvag": "ordinarie",
}
DISCLOSURE = {
    "utlamnande": "ja",
    "rattsligGrund": "samtycke",
    "sekretessMotivering": "Personen samtycker till att uppgifterna lämnas.",
}
TO_THE_ADVISER = {
    "Kartlägg situationen": MAPPING,
    "Bedöm förmåga och omfattning": EXTENT,
    "Gör behovsbedömning": NEEDS,
    "Pröva sekretessen": DISCLOSURE,
}
