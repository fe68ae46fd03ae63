//! Words of values that the standards define: keywords, colours, functions and units of CSS and SVG.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::names::{holds, set};

static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lists = [KEYWORDS, COLOURS, SVG];
    lists.into_iter().flat_map(set).collect()
});

static KNOWN_FONTS: LazyLock<HashSet<&str>> = LazyLock::new(|| set(FONTS));

/// Whether a word is a keyword or a colour, in any case.
pub(super) fn is_keyword(word: &str) -> bool {
    KNOWN.contains(word.to_ascii_lowercase().as_str())
}

/// Whether functions of this name exist.
pub(super) fn is_function(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let lower = lower.trim_start_matches("-webkit-");
    holds(FUNCTIONS, lower)
}

/// Whether a number may end in this; nothing may.
pub(super) fn is_unit(unit: &str) -> bool {
    unit.is_empty() || holds(UNITS, &unit.to_ascii_lowercase())
}

/// Whether a family of fonts, in lower case, comes with systems, office programs or drawing programs, or is
/// among those that everybody takes from the web: its name says nothing.
pub(super) fn is_known_font(family: &str) -> bool {
    let plain: String = family
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect();
    // Faces are often named like families: `MyriadPro-Bold`, `Arial-BoldMT`.
    let mut rest = plain.as_str();
    loop {
        if KNOWN_FONTS.contains(rest) || is_keyword(rest) {
            return true;
        }
        let faces = set(FACES);
        let Some(shorter) = faces.iter().find_map(|face| rest.strip_suffix(face)) else {
            return false;
        };
        rest = shorter;
    }
}

const FACES: &str = "regular roman bold italic oblique light medium semibold demibold black thin heavy book \
    extralight extrabold ultralight condensed cond narrow expanded semilight mt ps std pro lt ui display text \
    variable normal demi bt itc com otf ttf ultra extra semi compressed extended wide md bk hv lt blk cn rm l o vf";

/// In lower case, without spaces and hyphens: what comes with systems, office and drawing programs, the families
/// that Google Fonts offers, and those of the large foundries.
const FONTS: &str = include_str!("fonts.txt");

const UNITS: &str = "% px pt pc mm cm in em ex rem ch cap ic lh rlh vw vh vmin vmax vi vb svw svh lvw lvh \
    dvw dvh q deg grad rad turn s ms hz khz dpi dpcm dppx x fr";

const FUNCTIONS: &str = "rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix device-cmyk matrix \
    matrix3d translate translatex translatey translatez translate3d rotate rotatex rotatey \
    rotatez rotate3d scale scalex scaley scalez scale3d skew skewx skewy perspective ref calc \
    min max clamp round var env cubic-bezier steps linear linear-gradient radial-gradient \
    conic-gradient repeating-linear-gradient repeating-radial-gradient \
    repeating-conic-gradient blur brightness contrast drop-shadow grayscale hue-rotate invert \
    opacity saturate sepia inset circle ellipse polygon path rect xywh shape ray format tech \
    local icc-color device-gray device-rgb light-dark counter counters fit-content minmax";

const KEYWORDS: &str = "inherit initial unset revert revert-layer none auto normal all both default important \
    a absolute accumulate active add additive after after-edge alias alpha alphabetic \
    alternate alternate-reverse always anonymous antialiased arithmetic atop auto-reverse \
    auto-start-reverse available avoid b back backwards balance baseline before before-edge \
    bevel bidi-override bilinear blink block bold bolder border-box both bottom bounding-box \
    break-all break-spaces break-word butt capitalize caption cell center central clip clone collapse \
    color color-burn color-dodge column condensed contain content content-box contents context-fill \
    context-stroke copy cover crisp crisp-edges crispedges currentcolor cursive darken dasharray dash \
    dashed decrease default destination dilate difference disc discrete distribute dot dotted \
    double duplicate e-resize ease ease-in ease-in-out ease-out element ellipsis em embed end \
    erode evenodd exact exclude exclusion expanded extends extra-condensed extra-expanded \
    fantasy fill fill-box fill-opacity first fixed flat flex flip fill-available forwards frozen \
    full-width fuchsiared gamma geometricprecision grab grabbing grayscale grid groove g \
    hand hanging hard-light hardlight help hidden hide high-quality historical-ligatures \
    horizontal horizontal-tb hue huge hyphenate icon identity ideographic in increase infinite \
    inline inline-block inline-flex inline-table inset inside inter-character inter-word \
    intersect isolate isolate-override italic jump-both jump-end jump-none jump-start justify \
    jis78 jis83 jis90 jis04 keep-all landscape large larger last layer left legacy lighten lighter line \
    line-through linear linearrgb list-item local logical loose lowercase lr lr-tb ltr \
    luminance luminosity magnify manipulation mandatory manual margin-box markers match \
    match-parent mathematical matrix max-content medium menu message-box middle min-content \
    min-intrinsic miter miter-clip mixed monospace move multiply n n-resize native ne-resize \
    nearest-neighbor new-background no-change no-clip no-close-quote no-common-ligatures \
    no-composite no-contextual no-discretionary-ligatures no-drop no-historical-ligatures \
    no-open-quote no-repeat non-scaling-stroke non-rotation non-scaling-size fixed-position nonzero normal \
    not-allowed nowrap nw-resize oblique off omit on open-quote close-quote optimizelegibility \
    optimizequality optimizespeed optional ordinal out outset outside over overlay overline \
    pad padding-box paint painted path pause paused petite-caps pixelated plaintext plus-lighter \
    plus-darker pointer portrait pow pre pre-line pre-wrap preserve preserve-3d print progress \
    progressive proportional r r-resize raise reflect relative remove repeat repeat-x repeat-y \
    replace replaced reset-size reverse ridge right rl rl-tb rotate round row row-resize \
    row-reverse rtl ruby run-in running s s-resize safe saturation scale scale-down screen \
    scroll scrollbar se-resize self semi-condensed semi-expanded sans-serif sequential serif \
    sharp shorter longer show sides sideways sideways-lr sideways-rl silent simplified single skewx skewy \
    slashed-zero slice slow small small-caps small-caption smaller smooth soft-light softlight solid \
    space space-around space-between space-evenly spell-out square srgb srgb-linear display-p3 a98-rgb \
    prophoto-rgb rec2020 xyz xyz-d50 xyz-d65 lab lch oklab oklch hsl hwb stacked-fractions \
    diagonal-fractions start startpoint static status-bar step-end step-start sticky stitch \
    stretch strict stroke stroke-box stroke-opacity stroke-width style sub subpixel-antialiased subtract \
    super sum sw-resize swap symbols system-ui table tabular-nums oldstyle-nums lining-nums \
    proportional-nums tb tb-rl tb-lr text text-after-edge text-before-edge text-bottom text-top \
    thick thin titling-caps to top traditional translate transparent triangle ui-monospace \
    ui-rounded ui-sans-serif ui-serif ultra-condensed ultra-expanded under underline unicase uni-case unsafe \
    upper-roman lower-roman decimal upper-alpha lower-alpha uppercase upright use-script user userspaceonuse vertical \
    vertical-ideographic vertical-lr vertical-rl vertical-text view-box viewport visible \
    visiblefill visiblepainted visiblestroke w-resize wait wave wavy weight width wrap \
    wrap-reverse x-large x-small xx-large xx-small xxx-large xor zoom-in zoom-out all-small-caps all-petite-caps \
    all-scroll and not only or from via at closest-side closest-corner farthest-side \
    farthest-corner circle ellipse x y z woff woff2 truetype opentype collection svg \
    embedded-opentype variations swap fallback block optional e pi \
    screen print speech tty tv projection handheld braille embossed aural \
    min-width max-width min-height max-height width height orientation resolution \
    prefers-color-scheme dark light prefers-reduced-motion reduce no-preference hover pointer coarse \
    fine color-gamut p3 monochrome aspect-ratio min-aspect-ratio max-aspect-ratio \
    -webkit-min-device-pixel-ratio min-resolution max-resolution forced-colors device-width \
    max-device-width min-device-width -inherit -webkit-auto -webkit-box -webkit-fill-available -moz-crisp-edges \
    crosshair compact table-footer-group table-column table-row-group table-header-group \
    table-row table-caption marker table-column-group table-cell indefinite media accumulate \
    narrower simple break-spaces \
    -webkit-optimize-contrast -moz-none -webkit-transform -webkit-body";

/// Words that SVG spells with capitals, here in lower case.
const SVG: &str = "userspaceonuse objectboundingbox strokewidth xminymin xmidymin xmaxymin xminymid \
    xmidymid xmaxymid xminymax xmidymax xmaxymax meet defer spacingandglyphs spacing stitch \
    nostitch fractalnoise turbulence sourcegraphic sourcealpha backgroundimage \
    backgroundalpha fillpaint strokepaint saturate huerotate luminancetoalpha table gamma \
    discrete identity linear whennotactive never always paced spline freeze remove disable \
    magnify true false css xml auto full basic tiny application/ecmascript text/css css \
    gradient translate scale rotate skewx skewy preserve default isolated initial medial \
    terminal h v perceptual relative-colorimetric saturation absolute-colorimetric \
    use-credentials wrap mirror objectstrokebox userspace stitchtiles new accumulate \
    _blank _self _parent _top _new _replace in out bicubic darken lighten coons bilinear \
    lineargradient radialgradient left right align stretch exact alphabetic";

/// CSS Color 4, named and system colours.
const COLOURS: &str = "aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue \
    blueviolet brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk \
    crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki \
    darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen \
    darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue \
    dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite \
    gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory khaki \
    lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan \
    lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen \
    lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen \
    magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen \
    mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream \
    mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid \
    palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum \
    powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown \
    seagreen seashell sienna silver skyblue slateblue slategray slategrey snow springgreen \
    steelblue tan teal thistle tomato turquoise violet wheat white whitesmoke yellow \
    yellowgreen accentcolor accentcolortext activetext buttonborder buttonface buttontext \
    canvas canvastext field fieldtext graytext highlight highlighttext linktext mark marktext \
    selecteditem selecteditemtext visitedtext activeborder activecaption appworkspace \
    background buttonhighlight buttonshadow captiontext inactiveborder inactivecaption \
    inactivecaptiontext infobackground infotext menutext scrollbar threeddarkshadow threedface \
    threedhighlight threedlightshadow threedshadow window windowframe windowtext";
