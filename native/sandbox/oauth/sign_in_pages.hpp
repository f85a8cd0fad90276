// The pages of the authorization endpoint: sign in, choose a company, allow or deny.
#pragma once

#include <string>
#include <vector>

#include "native/http/http.hpp"
#include "native/sandbox/books/company.hpp"
#include "native/sandbox/oauth/visit.hpp"

namespace rekey::sandbox {

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

}  // namespace rekey::sandbox
