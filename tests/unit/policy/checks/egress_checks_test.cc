#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "policy/checks/catalogue.h"
#include "policy/decision/findings.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

using Change = std::function<void(EgressHealth*)>;

EgressHealth Well(const std::string& address) {
  return {.route = "main",
          .address = *IpAddress::Parse(address),
          .helo_name = "mail.example.org",
          .ptr_status = DnsStatus::kOk,
          .ptr_names = {"mail.example.org"},
          .ptr_name = "mail.example.org",
          .confirmation = Confirmation::kYes,
          .helo_status = DnsStatus::kOk};
}

const EgressRoute& Route() {
  static const EgressRoute route{.name = "main"};
  return route;
}

EgressFact Way(const std::string& address, const Change& change) {
  EgressHealth health = Well(address);
  change(&health);
  return {.route = "main",
          .address = health.address,
          .helo_name = health.helo_name,
          .way = &Route(),
          .health = std::make_shared<const EgressHealth>(std::move(health))};
}

std::string Outcomes(const std::vector<Verdict>& verdicts) {
  std::string text;
  for (const Verdict& verdict : verdicts)
    text += (text.empty() ? "" : " ") + std::string(ToString(verdict.outcome));
  return text.empty() ? "pass" : text;
}

// What a check says of one way out that is well but for a change.
std::string Say(const Check& check, const Change& change,
                const std::string& address = "192.0.2.10") {
  FactsBuilder builder;
  builder.facts().egress = {Way(address, change)};
  return Outcomes(check.run(builder.Build()));
}

void Nothing(EgressHealth* /*way*/) {}

TEST(EgressChecks, AreSilentWhereAllIsWellAndWhereNobodyAsks) {
  for (const Check* check :
       {&kEgressWithoutPtr, &kEgressPtrNotConfirmed, &kEgressPtrGeneric,
        &kEgressIpv6, &kEgressIpv6Scattered, &kEgressListed,
        &kEgressListedBySome, &kEgressInDynamicRange, &kHeloNameInvalid,
        &kHeloNameUnresolvable, &kHeloNameDiffers, &kHeloDomainListed,
        &kEgressUnknownAtTOnline, &kImprintMissing}) {
    EXPECT_EQ(Say(*check, Nothing), "pass") << check->id;
    FactsBuilder builder;
    builder.facts().egress = {
        {.route = "main", .address = *IpAddress::Parse("192.0.2.10")}};
    EXPECT_EQ(Outcomes(check->run(builder.Build())), "pass") << check->id;
    EXPECT_FALSE(check->at_rcpt) << check->id;
  }
}

TEST(EgressWithoutPtr, TellsUnknownFromNo) {
  const auto say = [](DnsStatus status) {
    return Say(kEgressWithoutPtr,
               [&](EgressHealth* way) { way->ptr_status = status; });
  };
  EXPECT_EQ(say(DnsStatus::kNxDomain), "fail");
  EXPECT_EQ(say(DnsStatus::kNoData), "fail");
  EXPECT_EQ(say(DnsStatus::kTempError), "unknown");
}

TEST(EgressPtrNotConfirmed, TellsUnknownFromNo) {
  const auto say = [](Confirmation confirmation, DnsStatus ptr) {
    return Say(kEgressPtrNotConfirmed, [&](EgressHealth* way) {
      way->confirmation = confirmation;
      way->ptr_status = ptr;
    });
  };
  EXPECT_EQ(say(Confirmation::kNo, DnsStatus::kOk), "fail");
  EXPECT_EQ(say(Confirmation::kUnknown, DnsStatus::kOk), "unknown");
  // egress-without-ptr's business.
  EXPECT_EQ(say(Confirmation::kUnknown, DnsStatus::kNxDomain), "pass");
}

TEST(EgressPtrGeneric, Fails) {
  EXPECT_EQ(
      Say(kEgressPtrGeneric, [](EgressHealth* way) { way->is_generic = true; }),
      "fail");
}

TEST(HeloChecks, FailEachForItsOwnReason) {
  EXPECT_EQ(Say(kHeloNameInvalid,
                [](EgressHealth* way) { way->helo_fault = "is empty"; }),
            "fail");
  const auto unresolved = [](DnsStatus status) {
    return [status](EgressHealth* way) { way->helo_status = status; };
  };
  EXPECT_EQ(Say(kHeloNameUnresolvable, unresolved(DnsStatus::kNxDomain)),
            "fail");
  EXPECT_EQ(Say(kHeloNameUnresolvable, unresolved(DnsStatus::kTempError)),
            "unknown");
  EXPECT_EQ(Say(kHeloNameDiffers,
                [](EgressHealth* way) { way->helo_name = "b.example.org"; }),
            "fail");
}

TEST(HeloNameInvalid, FailsWhereItIsTheRecipientsDomain) {
  const auto say = [](const std::string& receiver) {
    FactsBuilder builder;
    builder.Recipient("a@mail.example.org", MailDomain::kHasMx, receiver);
    builder.facts().egress = {Way("192.0.2.10", Nothing)};
    return Outcomes(kHeloNameInvalid.run(builder.Build()));
  };
  EXPECT_EQ(say("m365"), "fail");
  EXPECT_EQ(say("selfhost"), "pass");
}

Change ListedAs(Listing listing) {
  return [listing](EgressHealth* way) { way->address_lists = {listing}; };
}

TEST(EgressListed, IsForListsThatMostReceiversUse) {
  Listing listing{.zone = "zen.example",
                  .subject = "192.0.2.10",
                  .is_certain = true,
                  .status = ListStatus::kAnswers,
                  .listed = "127.0.0.2 SBL"};
  EXPECT_EQ(Say(kEgressListed, ListedAs(listing)), "fail");
  EXPECT_EQ(Say(kEgressListedBySome, ListedAs(listing)), "pass");
  listing.is_certain = false;
  EXPECT_EQ(Say(kEgressListed, ListedAs(listing)), "pass");
  EXPECT_EQ(Say(kEgressListedBySome, ListedAs(listing)), "fail");
}

TEST(EgressListed, IsUnknownWhereTheListRefuses) {
  Listing listing{.zone = "zen.example", .is_certain = true};
  for (const ListStatus status : {ListStatus::kRefused, ListStatus::kUnknown}) {
    listing.status = status;
    EXPECT_EQ(Say(kEgressListed, ListedAs(listing)), "unknown");
  }
  listing.status = ListStatus::kNotServed;
  EXPECT_EQ(Say(kEgressListed, ListedAs(listing)), "pass");
}

TEST(EgressInDynamicRange, Fails) {
  EXPECT_EQ(
      Say(kEgressInDynamicRange, ListedAs({.zone = "zen.example",
                                           .status = ListStatus::kAnswers,
                                           .dynamic_range = "127.0.0.10 PBL"})),
      "fail");
}

TEST(HeloDomainListed, NamesTheName) {
  const auto say = [](ListStatus status, const std::string& listed) {
    return Say(kHeloDomainListed, [&](EgressHealth* way) {
      way->name_lists = {{.zone = "dbl.example",
                          .subject = "mail.example.org",
                          .is_certain = true,
                          .status = status,
                          .listed = listed}};
    });
  };
  EXPECT_EQ(say(ListStatus::kAnswers, "127.0.1.2 spam"), "fail");
  EXPECT_EQ(say(ListStatus::kAnswers, ""), "pass");
  EXPECT_EQ(say(ListStatus::kRefused, ""), "unknown");
}

TEST(EgressIpv6, AsksForANameAndAuthentication) {
  const auto say = [](const std::string& address, SpfResult spf,
                      DnsStatus ptr) {
    FactsBuilder builder;
    builder.facts().egress = {Way(address, [&](EgressHealth* way) {
      way->ptr_status = ptr;
      if (ptr != DnsStatus::kOk) way->confirmation = Confirmation::kUnknown;
    })};
    builder.facts().spf = {{.egress = address, .result = spf}};
    return Outcomes(kEgressIpv6.run(builder.Build()));
  };
  EXPECT_EQ(say("2001:db8::1", SpfResult::kPass, DnsStatus::kOk), "pass");
  EXPECT_EQ(say("2001:db8::1", SpfResult::kPass, DnsStatus::kNxDomain), "fail");
  EXPECT_EQ(say("2001:db8::1", SpfResult::kNone, DnsStatus::kOk), "fail");
  EXPECT_EQ(say("2001:db8::1", SpfResult::kTempError, DnsStatus::kTempError),
            "pass");
  EXPECT_EQ(say("192.0.2.1", SpfResult::kNone, DnsStatus::kNxDomain), "pass");
}

TEST(EgressIpv6Scattered, CountsNetworksOfOneRoute) {
  const auto say = [](const std::string& second) {
    FactsBuilder builder;
    builder.facts().egress = {Way("2001:db8::1", Nothing),
                              Way(second, Nothing)};
    return Outcomes(kEgressIpv6Scattered.run(builder.Build()));
  };
  EXPECT_EQ(say("2001:db8::2"), "pass");
  EXPECT_EQ(say("2001:db8:0:1::1"), "fail");
}

TEST(TOnlineChecks, BelieveTheOperator) {
  EgressRoute route{.name = "main"};
  FactsBuilder builder;
  builder.Recipient("a@t-online.de", MailDomain::kHasMx, "t-online");
  builder.facts().egress = {Way("192.0.2.10", Nothing)};
  builder.facts().egress.front().way = &route;
  EXPECT_EQ(Outcomes(kEgressUnknownAtTOnline.run(builder.Build())), "fail");
  EXPECT_EQ(Outcomes(kImprintMissing.run(builder.Build())), "fail");
  route.known_to = {"t-online"};
  route.has_imprint = true;
  EXPECT_EQ(Outcomes(kEgressUnknownAtTOnline.run(builder.Build())), "pass");
  EXPECT_EQ(Outcomes(kImprintMissing.run(builder.Build())), "pass");
}

TEST(EgressWithoutTls, BelievesTheOperator) {
  EgressRoute route{.name = "main"};
  FactsBuilder builder;
  builder.Recipient("a@gmail.com", MailDomain::kHasMx, "google")
      .Recipient("b@yahoo.com", MailDomain::kHasMx, "yahoo");
  builder.facts().egress = {Way("192.0.2.10", Nothing)};
  builder.facts().egress.front().way = &route;
  EXPECT_EQ(Outcomes(kEgressWithoutTls.run(builder.Build())), "pass");
  route.starttls = false;
  const auto verdicts = kEgressWithoutTls.run(builder.Build());
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts.front().subject.name, "google");
}

TEST(EgressFindings, ConcernOnlyWhomTheRouteReaches) {
  const EgressRoute to_google{.name = "main", .receivers = {"google"}};
  FactsBuilder builder;
  builder.From("a@example.org")
      .Recipient("a@gmail.com", MailDomain::kHasMx, "google")
      .Recipient("b@yahoo.com", MailDomain::kHasMx, "yahoo");
  builder.facts().egress = {Way("192.0.2.10", [](EgressHealth* way) {
    way->ptr_status = DnsStatus::kNxDomain;
  })};
  builder.facts().egress.front().way = &to_google;
  const Facts facts = builder.Build();
  for (const Finding& finding : RunChecks(facts, Corridor::kMessage)) {
    if (finding.check != "egress-without-ptr") continue;
    EXPECT_EQ(finding.recipients, std::vector<std::string>{"a@gmail.com"});
    EXPECT_EQ(finding.level, Level::kMust);
    EXPECT_EQ(finding.egress, "192.0.2.10");
    return;
  }
  FAIL() << "no finding";
}

}  // namespace
}  // namespace postern
