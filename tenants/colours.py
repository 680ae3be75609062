"""A brand's colour: whether it can be read (WCAG 2.2, 4.5 to 1), and the few lines of CSS that it becomes."""

READABLE = 4.5
WHITE, BLACK = "#ffffff", "#000000"
LIGHT_PAGE, DARK_PAGE, DARK_SURFACE = "#f5f7f8", "#12171b", "#20282e"
"""Behind texts in this colour: the darkest background of the light theme, the darkest and lightest of the dark one."""

STEPS = [step / 20 for step in range(21)]

CSS = """:root {{
  --ink: light-dark({ink}, {night});
  --accent: light-dark({light}, {dark});
  --accent-soft: light-dark({light_soft}, {dark_soft});
  --tblr-primary: {colour};
  --tblr-primary-darken: {pressed};
  --tblr-link-hover-color: light-dark({pressed}, {hover});
}}
.side-link[aria-current] {{ box-shadow: inset 3px 0 0 {dark}; }}
.sidenav :focus-visible {{ outline-color: {dark}; }}
"""


def channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    shares = [value / 255 for value in channels(colour)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """So much of `other` in it."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(colour: str, towards: str, backgrounds: tuple[str, ...]) -> str:
    """As near to the colour as can be read on all of these: ever more of `towards` is mixed in until it is."""
    shades = (mixed(colour, towards, step) for step in STEPS)
    return next(shade for shade in shades if all(contrast(shade, back) >= READABLE for back in backgrounds))


def css(colour: str) -> str:
    """What a page needs to be of this colour, in both themes: texts in it are darkened or lightened until readable."""
    light_soft, dark_soft = mixed(colour, WHITE, 0.9), mixed(colour, DARK_PAGE, 0.75)
    dark = readable(colour, WHITE, (DARK_PAGE, DARK_SURFACE, dark_soft))
    return CSS.format(
        colour=colour,
        pressed=mixed(colour, BLACK, 0.2),
        light=readable(colour, BLACK, (WHITE, LIGHT_PAGE, light_soft)),
        dark=dark,
        hover=mixed(dark, WHITE, 0.4),
        light_soft=light_soft,
        dark_soft=dark_soft,
        ink=mixed(colour, BLACK, 0.65),
        night=mixed(colour, BLACK, 0.85),
    )
