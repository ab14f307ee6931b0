// LinkFacts: where a message's links lead, host by host.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/config/link_hosts.h"
#include "policy/facts/blocklist.h"

namespace postern {

// One host that links name.
struct LinkHost {
  std::string host;
  std::string site;  // its registrable domain; where it has none, the host
  HostClass host_class = HostClass::kPlain;
  bool is_own = false;      // the author's site, or a declared tracking domain
  bool is_led_to = false;   // by what a reader follows, no image or style alone
  bool is_fetched = false;  // an image, a frame, a style sheet
  std::size_t links = 0;
  // Of IDNs; and of all, what they imitate: "paypal.com".
  bool mixes_scripts = false;
  bool is_invalid_idn = false;
  std::string imitates;
  std::string names_brand;      // "paypal.com" of "paypal-login.example"
  bool is_on_bad_list = false;  // the operator's lists.bad_links
  DnsStatus addresses = DnsStatus::kOk;  // asked with links.resolve alone
};

// A link whose URL says where it leads in the end.
struct LinkTarget {
  std::size_t link = 0;  // in Facts::links
  std::string url;
  std::string host;
  HostClass via = HostClass::kRedirector;
};

struct LinkFacts {
  static constexpr std::size_t kMaxHosts = 1'000;

  std::vector<LinkHost> hosts;      // in the order of their first links
  std::vector<LinkTarget> targets;  // in the order of the links
  std::size_t led_to = 0;           // links that a reader can follow
  std::size_t sites = 0;            // distinct ones among those
  std::vector<Listing> listings;    // what domain blocklists say
  bool is_over_limit = false;       // more hosts than are looked at

  [[nodiscard]] const LinkHost* Find(const std::string& host) const;
};

}  // namespace postern
