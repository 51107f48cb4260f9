"""Names of the countries that a Czech shop delivers to, by ISO 3166 code."""

from __future__ import annotations

_NAMES = """
AT Rakousko|Austria
AU Austrálie|Australia
BA Bosna a Hercegovina|Bosnia and Herzegovina
BE Belgie|Belgium
BG Bulharsko|Bulgaria
CA Kanada|Canada
CH Švýcarsko|Switzerland
CN Čína|China
CY Kypr|Cyprus
CZ Česká republika|Czech Republic
DE Německo|Germany
DK Dánsko|Denmark
EE Estonsko|Estonia
ES Španělsko|Spain
FI Finsko|Finland
FR Francie|France
GB Spojené království|United Kingdom
GR Řecko|Greece
HR Chorvatsko|Croatia
HU Maďarsko|Hungary
IE Irsko|Ireland
IL Izrael|Israel
IS Island|Iceland
IT Itálie|Italy
JP Japonsko|Japan
LI Lichtenštejnsko|Liechtenstein
LT Litva|Lithuania
LU Lucembursko|Luxembourg
LV Lotyšsko|Latvia
MC Monako|Monaco
MD Moldavsko|Moldova
ME Černá Hora|Montenegro
MK Severní Makedonie|North Macedonia
MT Malta|Malta
NL Nizozemsko|Netherlands
NO Norsko|Norway
NZ Nový Zéland|New Zealand
PL Polsko|Poland
PT Portugalsko|Portugal
RO Rumunsko|Romania
RS Srbsko|Serbia
SE Švédsko|Sweden
SI Slovinsko|Slovenia
SK Slovensko|Slovakia
TR Turecko|Turkey
UA Ukrajina|Ukraine
US Spojené státy|United States
"""

_ROWS = [(line[:2], *line[3:].split("|")) for line in _NAMES.strip().splitlines()]

CZECH: dict[str, str] = {code: czech for code, czech, _english in _ROWS}
ENGLISH: dict[str, str] = {code: english for code, _czech, english in _ROWS}
