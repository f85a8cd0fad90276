// The applications and the persons that the sandbox knows.
#pragma once

#include <string>
#include <vector>

namespace rekey::sandbox {

/// An application that is registered, with redirect URIs that are compared exactly.
struct SandboxClient {
  std::string id;
  std::string secret;
  std::string name;  ///< what the sign-in and consent pages call it
  std::vector<std::string> redirect_uris;

  bool may_redirect_to(const std::string& uri) const;
};

/// A person that can sign in; every company is theirs.
struct SandboxUser {
  std::string name;
  std::string password;
};

/// Constant once it is made.
struct Registered {
  std::vector<SandboxClient> clients;
  std::vector<SandboxUser> users;

  /// Nothing if no client has this id.
  const SandboxClient* client(const std::string& id) const;
  /// The name of the person that consents where no page asks for one.
  std::string first_user() const;
};

}  // namespace rekey::sandbox
