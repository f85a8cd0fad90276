// The sandbox's pages: plain HTML that works without scripts, for any width, light and dark.
#pragma once

#include <string>
#include <string_view>

#include "native/http/http.hpp"

namespace rekey::sandbox {

/// The text as it may stand in HTML and in attributes.
std::string escape_html(std::string_view text);

/// A paragraph that says where the person is.
std::string sandbox_notice();

/// A whole page around `inside`. `title` is also its first heading.
http::Response html_page(int status, std::string_view title, const std::string& inside);
/// A wide page of several sections, each a `<section>`, after a heading and what stands below it.
http::Response wide_page(std::string_view title, const std::string& below,
                         const std::string& sections);
/// The style sheet that all pages share.
http::Response style_sheet();

/// When there is no client to go back to: what happened, what it means, what to do next.
http::Response trouble_page(int status, std::string_view title, std::string_view what,
                            std::string_view next);

}  // namespace rekey::sandbox
