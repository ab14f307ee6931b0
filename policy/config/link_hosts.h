// LinkHosts: what kind of host a link leads to, by the lists in conf/lists; and
// the brands that others imitate.
//
// Built once with the configuration, then immutable; thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace postern {

enum class HostClass {
  kPlain,             // on no list
  kShortener,         // leads wherever its maker wanted
  kBrandShortener,    // leads to one brand's own pages
  kRedirector,        // leads where its query says, to anybody
  kClickTracker,      // of a mailing service, shared by its customers
  kSecurityRewriter,  // of a mail gateway; its query says where it leads
  kDynamicDns,        // a name for a home's address
  kFreeHosting,       // anybody's page under a provider's name
  kTunnel,            // into somebody's own machine
};
[[nodiscard]] std::string_view ToString(HostClass host_class);

// A line of a list that could not be taken, and why.
struct WrongLine {
  int line = 0;
  std::string why;
};

// The notes of shorteners: it tells the truth to GET alone; what it answers to
// links that it has shut off, "abuse:410" or "abuse:bitly.com/a/blocked".
inline constexpr std::string_view kGetNote = "get", kAbuseNote = "abuse:";

class LinkHosts {
 public:
  struct Entry {
    HostClass host_class = HostClass::kPlain;
    // How its URLs name their target; of shorteners, see above.
    std::vector<std::string> notes;
  };

  // "host class [note]" a line; ".host" means the names below it alone, a host
  // itself those too. "+" before it adds, as does nothing; "-" removes it.
  // Later lines win, but notes of the same class are gathered.
  [[nodiscard]] std::vector<WrongLine> Read(std::string_view text);
  // These instead of all shorteners known so far; known ones keep their notes.
  void ReplaceShorteners(const std::set<std::string, std::less<>>& hosts);

  // Of the host or its nearest parent; null: it is on no list.
  [[nodiscard]] const Entry* Find(std::string_view host) const;
  [[nodiscard]] HostClass ClassOf(std::string_view host) const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  // nullopt: the line is good.
  std::optional<std::string> Take(std::string_view line);

  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;
};

class BrandHosts {
 public:
  // "brand domain [domain…]" a line: the word and where it may stand.
  [[nodiscard]] std::vector<WrongLine> Read(std::string_view text);

  // The first domain of the brand whose name this label could be taken for
  // although it is written otherwise ("paypa1", "xn--…"); "": none.
  [[nodiscard]] std::string ImitatedBy(std::string_view label) const;
  // The first domain of the brand that the host names without being its own:
  // as a word beside one like "login", or as a whole domain in front of
  // another; "": none. `site` is the host's registrable domain.
  [[nodiscard]] std::string NamedBy(std::string_view host,
                                    std::string_view site) const;

 private:
  struct Brand {
    std::string word;
    std::vector<std::string> domains;
  };
  [[nodiscard]] bool IsOwn(const Brand& brand, std::string_view site) const;

  std::vector<Brand> brands_;
  std::unordered_map<std::string, std::size_t> by_skeleton_;
  std::unordered_map<std::string, std::size_t> by_word_;
};

// The built-in ones.
[[nodiscard]] LinkHosts BuiltInLinkHosts();
[[nodiscard]] BrandHosts BuiltInBrandHosts();

}  // namespace postern
