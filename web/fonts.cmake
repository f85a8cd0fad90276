# The fonts of the page: what is used of Inter in three weights, by script, and of Lucide's icon font. Sets
# REKEY_FONTS (the files) and REKEY_GENERATED_DIR (the folder of the generated header).

set(REKEY_GENERATED_DIR "${PROJECT_BINARY_DIR}/generated")
set(font_dir "${PROJECT_BINARY_DIR}/fonts")
set(inter "${REKEY_WEB_PACKAGES}/@expo-google-fonts/inter")
set(lucide "${REKEY_WEB_PACKAGES}/lucide-static/font")

# What the page begins with: the Latin letters of western and central Europe and the signs of text.
set(letters "U+20-7E,U+A0-17F,U+2010-2027,U+202F-203A,U+2044,U+20AC,U+2122,U+2190-2193,U+2212"
            "U+2248,U+2260,U+2264-2265")
list(JOIN letters "," letters)

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
rekey_font("${inter}/400Regular/Inter_400Regular.ttf" inter-400.ttf "${letters}")
rekey_font("${inter}/500Medium/Inter_500Medium.ttf" inter-500.ttf "${letters}")
rekey_font("${inter}/600SemiBold/Inter_600SemiBold.ttf" inter-600.ttf "${letters}")

# What is loaded when a text needs it, as platform/js/text.js lists it.
set(text_script "${CMAKE_CURRENT_SOURCE_DIR}/platform/js/text.js")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${text_script}")
file(STRINGS "${text_script}" parts REGEX "^    [a-z]+: 'U\\+[^']*',$")
foreach(part ${parts})
  string(REGEX REPLACE "^ *([a-z]+): '(.*)',$" "\\1" name "${part}")
  string(REGEX REPLACE "^ *([a-z]+): '(.*)',$" "\\2" ranges "${part}")
  rekey_font("${inter}/400Regular/Inter_400Regular.ttf" inter-400-${name}.ttf "${ranges}")
  rekey_font("${inter}/500Medium/Inter_500Medium.ttf" inter-500-${name}.ttf "${ranges}")
  rekey_font("${inter}/600SemiBold/Inter_600SemiBold.ttf" inter-600-${name}.ttf "${ranges}")
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
