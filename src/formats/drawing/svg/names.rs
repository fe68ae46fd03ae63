//! Which elements and attributes the standards define, and what their values are made of: SVG 1.1, SVG 2,
//! SVG Tiny 1.2, Filter Effects, CSS Masking, SMIL Animation, and the drafts that editors write.

use std::collections::HashSet;
use std::sync::LazyLock;

/// What an element is to somebody who looks at the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Draws, groups, or says how something is drawn; text between its elements is not shown.
    Shape,
    /// Its text is shown.
    Text,
    /// Style rules.
    Style,
    /// Moves or changes something.
    Animation,
    /// Told, not shown.
    Told,
    /// Runs, or shows what is not SVG.
    Active,
}

/// What the value of an attribute is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A property of CSS.
    Property,
    /// Numbers and words of the standards.
    Plain,
    /// Path data, or points.
    Path,
    /// A value of whatever an animation changes.
    Animated,
    /// What an animation changes.
    AnimatedName,
    /// Moments of an animation.
    Timing,
    /// A name that the author chose, and that other places refer to.
    Name,
    /// `xml:space`
    Space,
    /// Names of classes.
    Classes,
    /// A language.
    Language,
    /// Characters of a font.
    Characters,
    /// Style declarations.
    Style,
    /// Where something stands.
    Reference,
    /// Features that a program must have (SVG 1.1 §5.8).
    Features,
    /// Extensions that a program must have.
    Extensions,
}

/// Kind of an element of the SVG namespace; `None` for one that no standard knows, which nobody draws.
pub(super) fn element(name: &str) -> Option<Kind> {
    let rows = [
        (SHAPES, Kind::Shape),
        (TEXTS, Kind::Text),
        ("style", Kind::Style),
        (ANIMATIONS, Kind::Animation),
        ("title desc metadata", Kind::Told),
        (ACTIVE, Kind::Active),
    ];
    let row = rows.iter().find(|(names, _)| holds(names, name));
    row.map(|(_, kind)| *kind)
}

/// What becomes of text that stands somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// It is not shown, but an element for text begins one that is.
    Outside,
    /// It is shown.
    Text,
    /// Neither (SVG 2 §11.1.1, SVG 1.1 appendix J): what stands in a shape is drawn by nobody.
    Nowhere,
}

impl Flow {
    /// Inside of an element of this name.
    pub(super) fn inside(self, name: &str) -> Self {
        match self {
            Self::Outside if holds("text textArea flowRoot", name) => Self::Text,
            Self::Outside if holds(CONTAINERS, name) => Self::Outside,
            Self::Text if name != "text" && (name == "a" || holds(TEXTS, name)) => Self::Text,
            _ => Self::Nowhere,
        }
    }
}

/// What an attribute of this name is made of on some element.
pub(super) fn attribute(name: &str) -> Option<Value> {
    Some(match name {
        "d" | "points" | "path" => Value::Path,
        "id" | "result" | "in" | "in2" | "glyph-name" | "name" | "g1" | "g2" => Value::Name,
        "class" => Value::Classes,
        "lang" | "systemLanguage" => Value::Language,
        "unicode" | "u1" | "u2" | "unicode-range" | "string" => Value::Characters,
        "style" => Value::Style,
        "href" => Value::Reference,
        "requiredFeatures" => Value::Features,
        "requiredExtensions" => Value::Extensions,
        "attributeName" => Value::AnimatedName,
        "begin" | "end" | "dur" | "min" | "max" | "repeatDur" | "repeatCount" => Value::Timing,
        "values" | "from" | "to" | "by" => Value::Animated,
        _ if PLAIN_SET.contains(name) => Value::Plain,
        _ if is_presentation(name) => Value::Property,
        _ => return None,
    })
}

/// Whether an attribute without namespace says something on this element.
pub(super) fn belongs(element: &str, name: &str) -> bool {
    let animates = || self::element(element) == Some(Kind::Animation);
    match name {
        "result" | "in" | "in2" => element.starts_with("fe"),
        "glyph-name" | "unicode" => element == "glyph",
        "g1" | "g2" | "u1" | "u2" => matches!(element, "hkern" | "vkern"),
        "string" => element == "font-face-format",
        "name" => matches!(element, "color-profile" | "font-face-name"),
        "values" => animates() || element == "feColorMatrix",
        "media" => element == "style",
        "begin" | "end" | "dur" | "min" | "max" | "repeatDur" | "repeatCount" | "from" | "to"
        | "by" | "attributeName" => animates(),
        _ => true,
    }
}

/// Whether a text is a part of what the standards themselves call something: `Gradient`.
pub(super) fn is_vocabulary(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphabetic())
        && [SHAPES, TEXTS, ANIMATIONS, PLAIN, PROPERTIES]
            .iter()
            .any(|list| list.contains(text))
}

/// Whether CSS or SVG defines a property of this name.
pub(super) fn is_property(name: &str) -> bool {
    let name = ["-webkit-", "-moz-", "-ms-", "-o-"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name);
    PROPERTY_SET.contains(name)
}

/// Whether a property can stand as an attribute (SVG 2 §6.6): of those with names in them only fonts.
fn is_presentation(name: &str) -> bool {
    PROPERTY_SET.contains(name)
        && (!holds_names(name) || name.starts_with("font") || name == "unicode-range")
}

/// Whether the value of a property may hold names that the author chose.
pub(super) fn holds_names(property: &str) -> bool {
    const NAMES: &str = "font-family font animation animation-name src unicode-range \
        font-feature-settings font-variation-settings font-language-override color-profile";
    let name = property
        .trim_start_matches("-webkit-")
        .trim_start_matches("-moz-");
    holds(NAMES, name)
}

/// Sets of words, for the long lists.
static PROPERTY_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| set(PROPERTIES));
static PLAIN_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| set(PLAIN));

/// The words of a list.
pub(super) fn set(list: &'static str) -> HashSet<&'static str> {
    list.split_ascii_whitespace().collect()
}

/// Whether a word stands in a list of words.
pub(super) fn holds(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split_ascii_whitespace().any(|known| known == word)
}

const SHAPES: &str = "svg g defs symbol use switch a view image path rect circle ellipse line polyline \
    polygon marker linearGradient radialGradient stop pattern clipPath mask filter feBlend \
    feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting \
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR \
    feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight \
    feSpecularLighting feSpotLight feTile feTurbulence font font-face font-face-src \
    font-face-uri font-face-format font-face-name glyph missing-glyph hkern vkern \
    altGlyphDef altGlyphItem glyphRef color-profile cursor mesh meshgradient meshGradient \
    meshrow meshRow meshpatch meshPatch hatch hatchpath hatchPath solidcolor solidColor \
    flowRoot flowRegion flowRegionExclude flowRef mpath";

const CONTAINERS: &str =
    "svg g defs symbol switch a pattern marker clipPath mask font glyph missing-glyph filter hatch";

const TEXTS: &str = "text tspan textPath tref altGlyph textArea tbreak flowPara flowSpan flowDiv flowLine \
    flowTref";

const ANIMATIONS: &str = "animate animateColor animateMotion animateTransform set discard";

const ACTIVE: &str = "script handler listener foreignObject iframe audio video canvas embed object \
    prefetch animation";

const PLAIN: &str = "accent-height accumulate additive alphabetic amplitude arabic-form ascent \
    attributeType azimuth baseFrequency bbox bias calcMode cap-height clipPathUnits \
    crossorigin descent diffuseConstant divisor dx dy edgeMode elevation exponent fill format \
    fr fx fy gradientTransform gradientUnits hanging horiz-adv-x horiz-origin-x \
    horiz-origin-y ideographic intercept k k1 k2 k3 k4 kernelMatrix kernelUnitLength \
    keyPoints keySplines keyTimes lengthAdjust limitingConeAngle markerHeight markerUnits \
    markerWidth maskContentUnits maskUnits mathematical media method mode numOctaves offset \
    operator order orient orientation origin overline-position overline-thickness panose-1 \
    pathLength patternContentUnits patternTransform patternUnits pointsAtX pointsAtY \
    pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits r radius refX refY \
    rendering-intent restart rotate scale seed slope spacing specularConstant \
    specularExponent spreadMethod startOffset stdDeviation stemh stemv stitchTiles \
    strikethrough-position strikethrough-thickness surfaceScale tableValues target \
    targetX targetY textLength type underline-position underline-thickness units-per-em \
    v-alphabetic v-hanging v-ideographic v-mathematical version vert-adv-y vert-origin-x \
    vert-origin-y viewBox viewTarget widths x x-height x1 x2 xChannelSelector y y1 y2 \
    yChannelSelector z zoomAndPan side hatchUnits hatchContentUnits pitch rx ry cx cy \
    width height enable-background externalResourcesRequired baseProfile transform filterUnits \
    filterRes glyphRef local editable focusable filterPrimitiveUnits";

const PROPERTIES: &str = "accent-color align-content align-items align-self alignment-baseline all animation \
    animation-delay animation-direction animation-duration animation-fill-mode \
    animation-iteration-count animation-name animation-play-state animation-timing-function \
    appearance ascent-override aspect-ratio backdrop-filter backface-visibility background \
    background-attachment background-blend-mode background-clip background-color \
    background-image background-origin background-position background-position-x \
    background-position-y background-repeat background-size baseline-shift block-size \
    block-progression border border-bottom border-color border-left border-radius \
    border-right border-style border-top border-width bottom box-shadow box-sizing clear \
    clip clip-path clip-rule color color-adjust color-interpolation \
    color-interpolation-filters color-profile color-rendering color-scheme contain \
    content-visibility cursor cx cy d descent-override direction display dominant-baseline \
    enable-background fill fill-opacity fill-rule filter flex flex-basis flex-direction \
    flex-flow flex-grow flex-shrink flex-wrap float flood-color flood-opacity font \
    font-display font-family font-feature-settings font-kerning font-language-override \
    font-optical-sizing font-palette font-size font-size-adjust font-smoothing font-stretch \
    font-style font-synthesis font-variant font-variant-alternates font-variant-caps \
    font-variant-east-asian font-variant-ligatures font-variant-numeric \
    font-variant-position font-variation-settings font-weight gap \
    glyph-orientation-horizontal glyph-orientation-vertical grid height hyphens \
    image-rendering image-orientation inline-size inset isolation justify-content \
    justify-items justify-self kerning left letter-spacing lighting-color line-break \
    line-gap-override line-height line-increment margin margin-bottom margin-left \
    margin-right margin-top marker marker-end marker-mid marker-start mask mask-border \
    mask-clip mask-composite mask-image mask-mode mask-origin mask-position mask-repeat \
    mask-size mask-type max-height max-width min-height min-width mix-blend-mode object-fit \
    object-position offset offset-anchor offset-distance offset-path offset-position \
    offset-rotate opacity order orphans outline outline-color outline-offset outline-style \
    outline-width overflow overflow-wrap overflow-x overflow-y osx-font-smoothing padding \
    padding-bottom padding-left padding-right padding-top page-break-after page-break-before \
    page-break-inside page-orientation paint-order perspective perspective-origin \
    pointer-events position print-color-adjust r resize right rotate row-gap rx ry scale \
    scroll-behavior shape-image-threshold shape-inside shape-margin shape-outside \
    shape-padding shape-rendering shape-subtract size size-adjust solid-color solid-opacity \
    src stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap \
    stroke-linejoin stroke-miterlimit stroke-opacity stroke-width tab-size text-align \
    text-align-last text-anchor text-combine-upright text-decoration text-decoration-color \
    text-decoration-fill text-decoration-line text-decoration-skip-ink \
    text-decoration-stroke text-decoration-style text-decoration-thickness text-emphasis \
    text-indent text-orientation text-overflow text-rendering text-shadow text-size-adjust \
    text-transform text-underline-offset text-underline-position tap-highlight-color top \
    touch-action transform transform-box transform-origin transform-style transition \
    transition-behavior transition-delay transition-duration transition-property \
    transition-timing-function translate unicode-bidi unicode-range user-select \
    vector-effect vertical-align viewport-fill viewport-fill-opacity visibility audio-level \
    buffered-rendering display-align baseline-source border-block border-bottom-color \
    border-bottom-left-radius border-bottom-right-radius border-bottom-style \
    border-bottom-width border-collapse border-image border-inline border-left-color \
    border-left-style border-left-width border-right-color border-right-style \
    border-right-width border-spacing border-top-color border-top-left-radius \
    border-top-right-radius border-top-style border-top-width mask-border-mode \
    mask-border-outset mask-border-repeat mask-border-slice mask-border-source \
    mask-border-width text-wrap text-wrap-mode text-wrap-style white-space \
    white-space-collapse widows width word-break word-spacing word-wrap writing-mode x y \
    z-index zoom";
