"""The currencies of the world and how many decimals each has.

Source: ISO 4217 list one, amendment 180, in force since 1 January 2026. The decimals are those of the
standard, not of locale data, which gives the Iraqi dinar or the Malagasy ariary others than banks use. Codes
without minor units (metals, test codes, units of account: XAU, XTS, XDR) cannot be paid and are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


class UnknownCurrency(ValueError):
    """The code is not an active ISO 4217 currency; `code` is what was given."""

    def __init__(self, code: str) -> None:
        super().__init__(f"not an active ISO 4217 currency: {code!r}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Currency:
    """One currency: ISO 4217 code, decimals of its minor unit (2: 1 USD is 100 minor units), English name."""

    code: str
    digits: int
    name: str


_NO_DECIMALS: Final[Mapping[str, str]] = {
    "BIF": "Burundi Franc",
    "CLP": "Chilean Peso",
    "DJF": "Djibouti Franc",
    "GNF": "Guinean Franc",
    "ISK": "Iceland Krona",
    "JPY": "Japanese Yen",
    "KMF": "Comorian Franc",
    "KRW": "South Korean Won",
    "PYG": "Paraguayan Guarani",
    "RWF": "Rwanda Franc",
    "UGX": "Uganda Shilling",
    "UYI": "Uruguayan Peso in Indexed Units",
    "VND": "Vietnamese Dong",
    "VUV": "Vanuatu Vatu",
    "XAF": "Central African CFA Franc",
    "XOF": "West African CFA Franc",
    "XPF": "CFP Franc",
}

_TWO_DECIMALS: Final[Mapping[str, str]] = {
    "AED": "UAE Dirham",
    "AFN": "Afghan Afghani",
    "ALL": "Albanian Lek",
    "AMD": "Armenian Dram",
    "AOA": "Angolan Kwanza",
    "ARS": "Argentine Peso",
    "AUD": "Australian Dollar",
    "AWG": "Aruban Florin",
    "AZN": "Azerbaijan Manat",
    "BAM": "Bosnian Convertible Mark",
    "BBD": "Barbados Dollar",
    "BDT": "Bangladeshi Taka",
    "BMD": "Bermudian Dollar",
    "BND": "Brunei Dollar",
    "BOB": "Boliviano",
    "BOV": "Bolivian Mvdol",
    "BRL": "Brazilian Real",
    "BSD": "Bahamian Dollar",
    "BTN": "Bhutanese Ngultrum",
    "BWP": "Botswana Pula",
    "BYN": "Belarusian Ruble",
    "BZD": "Belize Dollar",
    "CAD": "Canadian Dollar",
    "CDF": "Congolese Franc",
    "CHE": "WIR Euro",
    "CHF": "Swiss Franc",
    "CHW": "WIR Franc",
    "CNY": "Chinese Yuan",
    "COP": "Colombian Peso",
    "COU": "Colombian Real Value Unit",
    "CRC": "Costa Rican Colon",
    "CUP": "Cuban Peso",
    "CVE": "Cabo Verde Escudo",
    "CZK": "Czech Koruna",
    "DKK": "Danish Krone",
    "DOP": "Dominican Peso",
    "DZD": "Algerian Dinar",
    "EGP": "Egyptian Pound",
    "ERN": "Eritrean Nakfa",
    "ETB": "Ethiopian Birr",
    "EUR": "Euro",
    "FJD": "Fiji Dollar",
    "FKP": "Falkland Islands Pound",
    "GBP": "Pound Sterling",
    "GEL": "Georgian Lari",
    "GHS": "Ghana Cedi",
    "GIP": "Gibraltar Pound",
    "GMD": "Gambian Dalasi",
    "GTQ": "Guatemalan Quetzal",
    "GYD": "Guyana Dollar",
    "HKD": "Hong Kong Dollar",
    "HNL": "Honduran Lempira",
    "HTG": "Haitian Gourde",
    "HUF": "Hungarian Forint",
    "IDR": "Indonesian Rupiah",
    "ILS": "New Israeli Sheqel",
    "INR": "Indian Rupee",
    "IRR": "Iranian Rial",
    "JMD": "Jamaican Dollar",
    "KES": "Kenyan Shilling",
    "KGS": "Kyrgyz Som",
    "KHR": "Cambodian Riel",
    "KPW": "North Korean Won",
    "KYD": "Cayman Islands Dollar",
    "KZT": "Kazakh Tenge",
    "LAK": "Lao Kip",
    "LBP": "Lebanese Pound",
    "LKR": "Sri Lanka Rupee",
    "LRD": "Liberian Dollar",
    "LSL": "Lesotho Loti",
    "MAD": "Moroccan Dirham",
    "MDL": "Moldovan Leu",
    "MGA": "Malagasy Ariary",
    "MKD": "Macedonian Denar",
    "MMK": "Myanmar Kyat",
    "MNT": "Mongolian Tugrik",
    "MOP": "Macanese Pataca",
    "MRU": "Mauritanian Ouguiya",
    "MUR": "Mauritius Rupee",
    "MVR": "Maldivian Rufiyaa",
    "MWK": "Malawi Kwacha",
    "MXN": "Mexican Peso",
    "MXV": "Mexican Investment Unit",
    "MYR": "Malaysian Ringgit",
    "MZN": "Mozambique Metical",
    "NAD": "Namibia Dollar",
    "NGN": "Nigerian Naira",
    "NIO": "Nicaraguan Cordoba",
    "NOK": "Norwegian Krone",
    "NPR": "Nepalese Rupee",
    "NZD": "New Zealand Dollar",
    "PAB": "Panamanian Balboa",
    "PEN": "Peruvian Sol",
    "PGK": "Papua New Guinean Kina",
    "PHP": "Philippine Peso",
    "PKR": "Pakistan Rupee",
    "PLN": "Polish Zloty",
    "QAR": "Qatari Rial",
    "RON": "Romanian Leu",
    "RSD": "Serbian Dinar",
    "RUB": "Russian Ruble",
    "SAR": "Saudi Riyal",
    "SBD": "Solomon Islands Dollar",
    "SCR": "Seychelles Rupee",
    "SDG": "Sudanese Pound",
    "SEK": "Swedish Krona",
    "SGD": "Singapore Dollar",
    "SHP": "Saint Helena Pound",
    "SLE": "Sierra Leonean Leone",
    "SOS": "Somali Shilling",
    "SRD": "Surinam Dollar",
    "SSP": "South Sudanese Pound",
    "STN": "Sao Tome and Principe Dobra",
    "SVC": "El Salvador Colon",
    "SYP": "Syrian Pound",
    "SZL": "Eswatini Lilangeni",
    "THB": "Thai Baht",
    "TJS": "Tajik Somoni",
    "TMT": "Turkmenistan Manat",
    "TOP": "Tongan Pa’anga",
    "TRY": "Turkish Lira",
    "TTD": "Trinidad and Tobago Dollar",
    "TWD": "New Taiwan Dollar",
    "TZS": "Tanzanian Shilling",
    "UAH": "Ukrainian Hryvnia",
    "USD": "US Dollar",
    "USN": "US Dollar (Next Day)",
    "UYU": "Uruguayan Peso",
    "UZS": "Uzbekistan Sum",
    "VED": "Venezuelan Digital Bolívar",
    "VES": "Venezuelan Bolívar Soberano",
    "WST": "Samoan Tala",
    "XAD": "Arab Accounting Dinar",
    "XCD": "East Caribbean Dollar",
    "XCG": "Caribbean Guilder",
    "YER": "Yemeni Rial",
    "ZAR": "South African Rand",
    "ZMW": "Zambian Kwacha",
    "ZWG": "Zimbabwe Gold",
}

_THREE_DECIMALS: Final[Mapping[str, str]] = {
    "BHD": "Bahraini Dinar",
    "IQD": "Iraqi Dinar",
    "JOD": "Jordanian Dinar",
    "KWD": "Kuwaiti Dinar",
    "LYD": "Libyan Dinar",
    "OMR": "Omani Rial",
    "TND": "Tunisian Dinar",
}

_FOUR_DECIMALS: Final[Mapping[str, str]] = {
    "CLF": "Chilean Unit of Account (UF)",
    "UYW": "Uruguayan Nominal Wage Unit",
}


def _by_code() -> dict[str, Currency]:
    tables = {0: _NO_DECIMALS, 2: _TWO_DECIMALS, 3: _THREE_DECIMALS, 4: _FOUR_DECIMALS}
    found = [Currency(code, digits, name) for digits, table in tables.items() for code, name in table.items()]
    return {currency.code: currency for currency in sorted(found, key=lambda each: each.code)}


CURRENCIES: Final[Mapping[str, Currency]] = MappingProxyType(_by_code())
"""Every active currency by its code, in alphabetical order."""


def digits_of(code: str) -> int:
    """Return the decimals of a currency: 0 for JPY, 2 for USD, 3 for KWD. Raises UnknownCurrency."""
    currency = CURRENCIES.get(code)
    if currency is None:
        raise UnknownCurrency(code)
    return currency.digits
