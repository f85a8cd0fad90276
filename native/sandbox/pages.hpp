// The sandbox's pages: plain HTML that works without scripts, for any width, light and dark.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "native/http/http.hpp"
#include "native/sandbox/sandbox.hpp"
#include "native/sandbox/visit.hpp"

namespace rekey::sandbox {

/// The text as it may stand in HTML and in attributes.
std::string escape_html(std::string_view text);

/// A whole page around `inside`. `title` is also its first heading.
http::Response html_page(int status, std::string_view title, const std::string& inside);
/// A wide page of several sections, each a `<section>`, after a heading and what stands below it.
http::Response wide_page(std::string_view title, const std::string& below,
                         const std::string& sections);
/// The style sheet that all pages share.
http::Response style_sheet();

/// What a sign-in page says and has filled in.
struct SignIn {
  std::string user;
  std::string password;            ///< only in demonstrations
  std::string problem;             ///< why the last try was refused
  std::vector<std::string> users;  ///< whom the sandbox knows
};
http::Response sign_in_page(const Visit& visit, const std::string& app, const SignIn& form);
http::Response company_page(const Visit& visit, const std::string& app,
                            const std::vector<CompanySpec>& companies, const std::string& problem);
http::Response consent_page(const Visit& visit, const std::string& app, const std::string& company);
/// When there is no client to go back to: what happened, what it means, what to do next.
http::Response trouble_page(int status, std::string_view title, std::string_view what,
                            std::string_view next);

}  // namespace rekey::sandbox
