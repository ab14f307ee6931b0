// LinkFacts: where a message's links lead, host by host.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/config/link_hosts.h"
#include "policy/facts/blocklist.h"
#include "policy/facts/expander.h"
#include "policy/message/links.h"

namespace postern {

struct Facts;

// One host that links name.
struct LinkHost {
  std::string host;
  std::string site;  // its registrable domain; where it has none, the host
  HostClass host_class = HostClass::kPlain;
  bool is_own = false;      // the author's site, or a declared tracking domain
  bool is_led_to = false;   // by what a reader follows, no image or style alone
  bool is_fetched = false;  // an image, a frame, a style sheet
  bool is_in_style = false;  // url() of a style
  std::size_t links = 0;
  // Of IDNs; and of all, what they imitate: "paypal.com".
  bool mixes_scripts = false;
  bool is_invalid_idn = false;
  std::string imitates;
  std::string names_brand;      // "paypal.com" of "paypal-login.example"
  bool is_on_bad_list = false;  // the operator's lists.bad_links
  DnsStatus addresses = DnsStatus::kOk;  // asked with links.resolve alone

  // Nobody follows a style, but filters that take addresses out of markup do
  // not tell it apart.
  [[nodiscard]] bool IsJudged() const { return is_led_to || is_in_style; }
};

// A link of which is known where it leads in the end: its URL says so, or its
// shortener (links.expand).
struct LinkTarget {
  std::size_t link = 0;  // in Facts::links
  std::string url;
  std::string host;  // empty: a shortener leads to a URL without one
  HostClass via = HostClass::kRedirector;
};

// A short link that was asked.
struct ShortLink {
  std::size_t link = 0;  // the first with its URL, in Facts::links
  Expansion expansion;
};

struct LinkFacts {
  static constexpr std::size_t kMaxHosts = 1'000;

  // In the order of their first links; those that short links lead to are last.
  std::vector<LinkHost> hosts;
  std::vector<LinkTarget> targets;  // those that URLs name come first
  // What short links and open redirectors lead to, read like what stands in the
  // message.
  std::vector<Link> ends;
  std::vector<ShortLink> short_links;
  std::size_t led_to = 0;         // links that a reader can follow
  std::size_t sites = 0;          // distinct ones among those
  std::vector<Listing> listings;  // what domain blocklists say
  bool is_over_limit = false;     // more hosts than are looked at

  [[nodiscard]] const LinkHost* Find(const std::string& host) const;
};

// The first of the links, then of the ends, that is like this; null: none.
[[nodiscard]] const Link* FindLink(const Facts& facts,
                                   bool (*is_like_this)(const Link&));

}  // namespace postern
