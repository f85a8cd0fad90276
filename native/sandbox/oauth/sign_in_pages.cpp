#include "native/sandbox/oauth/sign_in_pages.hpp"

#include "native/sandbox/pages/html.hpp"

namespace rekey::sandbox {

namespace {

std::string visit_form(const char* action, const Visit& visit) {
  return "<form method=\"post\" action=\"/connect/oauth2/" + std::string(action) +
         "\"><input type=\"hidden\" name=\"visit\" value=\"" + escape_html(visit.id) + "\">";
}

std::string problem_line(const std::string& problem) {
  if (problem.empty()) return {};
  return "<p class=\"problem\" role=\"alert\">" + escape_html(problem) + "</p>";
}

/// A scope in words; one that has none is shown as it is.
std::string scope_in_words(const std::string& scope) {
  if (scope == "com.intuit.quickbooks.accounting")
    return "Read and change the accounting data of the company";
  if (scope == "com.intuit.quickbooks.payment") return "Take payments for the company";
  if (scope == "openid") return "Know who you are";
  if (scope == "profile" || scope == "intuit_name") return "See your name";
  if (scope == "email") return "See your e-mail address";
  if (scope == "phone") return "See your telephone number";
  if (scope == "address") return "See your address";
  return scope;
}

}  // namespace

http::Response sign_in_page(const Visit& visit, const std::string& app, const SignIn& form) {
  std::string inside = "<p>to go on to " + escape_html(app) + "</p>" + problem_line(form.problem) +
                       visit_form("sign-in", visit);
  inside +=
      "<label for=\"username\">User name</label><input type=\"text\" id=\"username\" "
      "name=\"username\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" "
      "required value=\"" +
      escape_html(form.user) + "\">";
  inside +=
      "<label for=\"password\">Password</label><input type=\"password\" id=\"password\" "
      "name=\"password\" autocomplete=\"current-password\" required value=\"" +
      escape_html(form.password) + "\">";
  inside += "<div class=\"deeds\"><button type=\"submit\">Sign in</button></div></form>";
  std::string hint;
  for (const std::string& user : form.users)
    hint += (hint.empty() ? "" : ", ") + ("<code>" + escape_html(user) + "</code>");
  if (!form.password.empty())
    hint = "<p class=\"small\">The demonstration's account is filled in: just sign in.</p>";
  else if (!hint.empty())
    hint = "<p class=\"small\">Known here: " + hint +
           ", with the password the sandbox was started with.</p>";
  return html_page(form.problem.empty() ? 200 : 401, "Sign in",
                   inside + "<br>" + hint + sandbox_notice());
}

http::Response company_page(const Visit& visit, const std::string& app,
                            const std::vector<CompanySpec>& companies, const std::string& problem) {
  std::string inside = "<p>Signed in as " + escape_html(visit.asked.user) + ".</p>" +
                       problem_line(problem) + visit_form("company", visit) +
                       "<fieldset><legend>Which company do you want to connect to " +
                       escape_html(app) + "?</legend>";
  bool first = true;
  for (const CompanySpec& company : companies) {
    const bool chosen = visit.asked.realm.empty() ? first : visit.asked.realm == company.id;
    inside += "<label class=\"choice\"><input type=\"radio\" name=\"company\" required value=\"" +
              escape_html(company.id) + "\"" + (chosen ? " checked" : "") + "><span>" +
              escape_html(company.name) + "</span></label>";
    first = false;
  }
  inside +=
      "</fieldset><div class=\"deeds\"><button type=\"submit\">Continue</button></div></form><br>";
  return html_page(problem.empty() ? 200 : 400, "Choose a company", inside + sandbox_notice());
}

http::Response consent_page(const Visit& visit, const std::string& app,
                            const std::string& company) {
  std::string inside =
      "<p><strong>" + escape_html(app) + "</strong> asks to be allowed to:</p><ul>";
  for (const std::string& scope : visit.asked.scopes)
    inside += "<li>" + escape_html(scope_in_words(scope)) + "</li>";
  inside += "</ul>";
  if (!company.empty())
    inside += "<p>Company: <strong>" + escape_html(company) +
              "</strong> (<a href=\"/connect/oauth2/company?visit=" + escape_html(visit.id) +
              "\">choose another</a>)</p>";
  inside += "<p class=\"soft small\">Signed in as " + escape_html(visit.asked.user) +
            ". You can disconnect at any time.</p>" + visit_form("consent", visit) +
            "<div class=\"deeds\"><button type=\"submit\" name=\"decision\" value=\"allow\">Allow"
            "</button><button class=\"other\" type=\"submit\" name=\"decision\" value=\"deny\">"
            "Deny</button></div></form><br>";
  return html_page(200, "Connect " + app + (company.empty() ? "" : " to QuickBooks"),
                   inside + sandbox_notice());
}

}  // namespace rekey::sandbox
