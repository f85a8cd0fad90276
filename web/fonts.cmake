# The fonts of the page: what is used of Inter in three weights, and of Lucide's icon font. Sets
# REKEY_FONTS (the files) and REKEY_GENERATED_DIR (the folder of the generated header).
#
# Each weight of Inter is in two files. The first has the letters of the page's languages and is
# loaded with it; the other is fetched by the browser when a text needs it (platform/js/text.js).

set(REKEY_GENERATED_DIR "${PROJECT_BINARY_DIR}/generated")
set(font_dir "${PROJECT_BINARY_DIR}/fonts")
set(inter "${REKEY_WEB_PACKAGES}/@expo-google-fonts/inter")
set(lucide "${REKEY_WEB_PACKAGES}/lucide-static/font")

# Latin of Europe and the signs of text; then Greek, Cyrillic, and Latin with more accents. The
# browser's own fonts draw everything else.
set(letters "U+20-7E,U+A0-17F,U+2010-2014,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2039-203A"
            "U+202F,U+20AC,U+2122,U+2190-2193,U+2212")
list(JOIN letters "," letters)
# The same as in platform/js/text.js.
set(more_letters "U+180-24F,U+259,U+2BB-2BC,U+2C6-2C7,U+2D8-2DD,U+370-3FF,U+400-52F,U+1E00-1EFF"
                 "U+2070-2094,U+20A0-20AB,U+20AD-20BF,U+2116,U+2248,U+2260,U+2264-2265")
list(JOIN more_letters "," more_letters)

# One font, reduced to some characters. Kerning is left out: neither side uses it, so that the same
# words are equally wide in the picture and in an input.
function(rekey_font source name unicodes)
  set(target "${font_dir}/${name}")
  add_custom_command(
    OUTPUT "${target}"
    COMMAND ${CMAKE_COMMAND} -E make_directory "${font_dir}"
    COMMAND "${PYFTSUBSET}" "${source}" "--unicodes=${unicodes}" "--output-file=${target}"
            "--layout-features=" --no-hinting --desubroutinize "--name-IDs=1,2,13,14"
    DEPENDS "${source}" "${CMAKE_CURRENT_SOURCE_DIR}/fonts.cmake"
            "${CMAKE_CURRENT_SOURCE_DIR}/widget/icon.hpp"
    VERBATIM)
  set(REKEY_FONTS ${REKEY_FONTS} "${target}" PARENT_SCOPE)
endfunction()

set(REKEY_FONTS)
foreach(weight 400Regular 500Medium 600SemiBold)
  string(SUBSTRING "${weight}" 0 3 number)
  rekey_font("${inter}/${weight}/Inter_${weight}.ttf" inter-${number}.ttf "${letters}")
  rekey_font("${inter}/${weight}/Inter_${weight}.ttf" inter-${number}-more.ttf "${more_letters}")
endforeach()

# The icons: the enumerators of icon.hpp, in their order, are names of Lucide's with `_` for `-`.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             "${CMAKE_CURRENT_SOURCE_DIR}/widget/icon.hpp")
file(READ "${lucide}/codepoints.json" codepoints)
file(STRINGS "${CMAKE_CURRENT_SOURCE_DIR}/widget/icon.hpp" icons REGEX "^  [a-z0-9_]+,$")
set(glyphs "")
set(unicodes "")
foreach(icon ${icons})
  string(REGEX REPLACE "[ ,]" "" icon "${icon}")
  string(REPLACE "_" "-" icon "${icon}")
  set(code 0)
  if(NOT icon STREQUAL "none")
    string(JSON code ERROR_VARIABLE missing GET "${codepoints}" "${icon}")
    if(missing)
      message(FATAL_ERROR "Lucide has no icon \"${icon}\", which icon.hpp names.")
    endif()
    math(EXPR hex "${code}" OUTPUT_FORMAT HEXADECIMAL)
    string(REPLACE "0x" "U+" hex "${hex}")
    list(APPEND unicodes "${hex}")
  endif()
  string(APPEND glyphs "    ${code},  // ${icon}\n")
endforeach()
list(JOIN unicodes "," unicodes)
rekey_font("${lucide}/lucide.ttf" icons.ttf "${unicodes}")
file(CONFIGURE OUTPUT "${REKEY_GENERATED_DIR}/web/widget/icon_glyphs.hpp" @ONLY CONTENT
"// Generated from icon.hpp: where each icon is in the icon font.
#pragma once

namespace rekey::web {

inline constexpr unsigned kIconGlyphs[] = {
@glyphs@};

}  // namespace rekey::web
")
