// FactsBuilder: Facts for a unit test of a check, with nothing wrong unless the
// test says so.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "policy/facts/facts.h"
#include "policy/facts/links.h"
#include "policy/message/date.h"

namespace postern {

inline const Config& PlainConfig() {
  static const Config config = [] {
    Config made;
    LinkHosts hosts;
    (void)hosts.Read(
        "sho.rt shortener\npage.link shortener\nt.co brand-shortener\n"
        "www.google.com redirector /url?q\ntrack.esp.example click-tracker\n"
        ".home.example dynamic-dns\n.pages.example free-hosting\n"
        "safelinks.example security-rewriter /?url\n"
        "urldefense.com security-rewriter urldefense-v3");
    made.link_hosts = std::make_shared<const LinkHosts>(std::move(hosts));
    BrandHosts brands;
    (void)brands.Read("paypal paypal.com\napple apple.com icloud.com");
    made.brand_hosts = std::make_shared<const BrandHosts>(std::move(brands));
    made.bad_links = {"bad.example"};
    made.mailbox_providers = {"gmail.com"};
    made.dead_domains = {"closed.example"};
    return made;
  }();
  return config;
}

class FactsBuilder {
 public:
  FactsBuilder() {
    facts_.config = &PlainConfig();
    facts_.has_content = true;
    facts_.received_at = TimePoint(std::chrono::seconds(1'795'262'400));
    facts_.author_domain = Domain::Parse("example.org");
    facts_.author_mail_domain = MailDomain::kHasMx;
    facts_.mail_from_domain = Domain::Parse("example.org");
    facts_.mail_from_mail_domain = MailDomain::kHasMx;
    facts_.mail_from_mail_hosts = MailHosts::kReachable;
    facts_.dmarc.author_domain = facts_.author_domain;
  }

  FactsBuilder& Field(std::string name, const std::string& value) {
    if (name == "Date" && message_.header.Count(name) == 0)
      facts_.date_fault = DateFault(value);
    message_.header.Receive(std::move(name), " " + value);
    return *this;
  }
  FactsBuilder& From(const std::string& value) {
    Field("From", value);
    facts_.from = ParseAddressList(value);
    return *this;
  }
  FactsBuilder& MailFrom(std::string address) {
    message_.envelope.mail_from = std::move(address);
    return *this;
  }
  FactsBuilder& Recipient(const std::string& address, MailDomain mail_domain,
                          std::string receiver = "selfhost") {
    message_.envelope.recipients.push_back({address, {}});
    facts_.recipients.push_back({.address = address,
                                 .path_fault = PathFault(address),
                                 .domain = DomainOf(address),
                                 .mail_domain = mail_domain,
                                 .mail_hosts = MailHosts::kReachable,
                                 .receiver = std::move(receiver)});
    return *this;
  }
  FactsBuilder& Spf(SpfResult result, std::string domain = "example.org",
                    Alignment alignment = Alignment::kAligned) {
    facts_.spf.push_back({.egress = "192.0.2.10",
                          .domain = std::move(domain),
                          .result = result,
                          .alignment = alignment,
                          .reason = "-all"});
    return *this;
  }
  FactsBuilder& Dkim(DkimResult result, std::string domain = "example.org") {
    facts_.dkim.push_back(
        {.domain = std::move(domain), .selector = "s", .result = result});
    return *this;
  }
  FactsBuilder& LinkTo(const std::string& host, std::string text = "") {
    return Linked("https://" + host + "/", std::move(text));
  }

  Facts& facts() { return facts_; }
  Message& message() { return message_; }
  // A link as the reader of HTML finds it.
  FactsBuilder& Linked(const std::string& url, std::string text = "",
                       LinkOrigin origin = LinkOrigin::kHref) {
    UrlHost host = HostOfUrl(url);
    facts_.links.Add({.url = url,
                      .text = std::move(text),
                      .host = host.host,
                      .is_host_numeric = host.is_numeric,
                      .origin = origin,
                      .scheme = host.scheme,
                      .port = host.port,
                      .has_userinfo = host.has_userinfo,
                      .is_oddly_written = host.is_oddly_written});
    return *this;
  }

  Facts Build() {
    facts_.message = std::make_shared<const Message>(message_);
    facts_.header = ReadHeaderFacts(message_.header);
    return facts_;
  }
  // With what is known of the links' hosts.
  Facts BuildLinked() {
    Facts built = Build();
    ReadHosts(&built);
    return built;
  }

 private:
  // As Gather reads the first Date field.
  static std::string DateFault(const std::string& value) {
    const Result<TimePoint> date = ParseDate(value);
    return date ? "" : date.error().message;
  }

  Message message_;
  Facts facts_;
};

}  // namespace postern
