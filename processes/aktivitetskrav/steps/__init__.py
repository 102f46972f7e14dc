"""The scenarios' sentences about the journey, and who does what in them."""

from processes.aktivitetskrav.steps.changing import CHANGING
from processes.aktivitetskrav.steps.expecting import EXPECTING
from processes.aktivitetskrav.steps.happening import HAPPENING
from processes.aktivitetskrav.steps.overseeing import OVERSEEING

STEPS = (*HAPPENING, *EXPECTING, *OVERSEEING, *CHANGING)
