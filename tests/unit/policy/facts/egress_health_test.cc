#include "policy/facts/egress_health.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "policy/facts/scripted_dns.h"

namespace postern {
namespace {

Config ConfigWith(const std::string& address, std::string helo_name) {
  Config config;
  config.egress = {{.name = "main",
                    .addresses = {*IpAddress::Parse(address)},
                    .helo_name = std::move(helo_name)}};
  return config;
}

std::shared_ptr<const EgressHealth> Survey(
    const std::string& zone, const std::string& address = "192.0.2.10",
    const std::string& helo_name = "mail.example.org") {
  const auto dns = ScriptedDns::Parse(zone, "zone");
  EXPECT_TRUE(dns.has_value()) << (dns ? "" : dns.error().message);
  const Config config = ConfigWith(address, helo_name);
  const EgressSurvey survey =
      SurveyEgress(config, **dns, In(std::chrono::milliseconds(1000)));
  return survey.Find(config.egress.front(),
                     config.egress.front().addresses.front());
}

TEST(SurveyEgress, ConfirmsThePtrName) {
  const auto way = Survey(
      "10.2.0.192.in-addr.arpa PTR Mail.Example.org.\n"
      "mail.example.org A 192.0.2.10\n");
  EXPECT_EQ(way->ptr_name, "mail.example.org");
  EXPECT_EQ(way->confirmation, Confirmation::kYes);
  EXPECT_EQ(way->helo_status, DnsStatus::kOk);
  EXPECT_FALSE(way->is_generic);
}

TEST(SurveyEgress, TakesTheOneNameThatLeadsBack) {
  const auto way = Survey(
      "10.2.0.192.in-addr.arpa PTR a.example.org\n"
      "10.2.0.192.in-addr.arpa PTR b.example.org\n"
      "a.example.org A TEMPERROR\n"
      "b.example.org A 192.0.2.10\n");
  EXPECT_EQ(way->confirmation, Confirmation::kYes);
  EXPECT_EQ(way->ptr_name, "b.example.org");
  EXPECT_EQ(way->ptr_names.size(), 2u);
}

TEST(SurveyEgress, TellsNoFromUnknown) {
  EXPECT_EQ(Survey("")->ptr_status, DnsStatus::kNxDomain);
  EXPECT_EQ(Survey("10.2.0.192.in-addr.arpa TEMPERROR")->ptr_status,
            DnsStatus::kTempError);
  const std::string ptr = "10.2.0.192.in-addr.arpa PTR mail.example.org\n";
  EXPECT_EQ(Survey(ptr)->confirmation, Confirmation::kNo);
  EXPECT_EQ(Survey(ptr + "mail.example.org A 192.0.2.99")->confirmation,
            Confirmation::kNo);
  EXPECT_EQ(Survey(ptr + "mail.example.org TEMPERROR")->confirmation,
            Confirmation::kUnknown);
}

TEST(SurveyEgress, ConfirmsIpv6) {
  const auto way = Survey(
      "0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6."
      "arpa "
      "PTR mail.example.org\nmail.example.org AAAA 2001:db8::10\n",
      "2001:db8::10");
  EXPECT_EQ(way->confirmation, Confirmation::kYes);
}

TEST(SurveyEgress, AsksListsForAddressAndNames) {
  Config config = ConfigWith("192.0.2.10", "mail.example.org");
  const std::string code("\x7f\0\0\2", 4);
  config.blocklists = {{.zone = "bl.example", .listed = {{code, code, "x"}}},
                       {.zone = "dbl.example",
                        .lists_names = true,
                        .listed = {{code, code, "y"}},
                        .test_entry = "test.example"}};
  const auto dns = ScriptedDns::Parse(
      "2.0.0.127.bl.example A 127.0.0.2\n"
      "test.example.dbl.example A 127.0.0.2\n"
      "10.2.0.192.in-addr.arpa PTR p.example.org\n"
      "10.2.0.192.bl.example A 127.0.0.2\n"
      "p.example.org.dbl.example A 127.0.0.2\n",
      "zone");
  ASSERT_TRUE(dns.has_value());
  const Deadline deadline = In(std::chrono::milliseconds(1000));
  const EgressSurvey survey = SurveyEgress(config, **dns, deadline);
  ASSERT_EQ(survey.ways.size(), 1u);
  EXPECT_EQ(survey.ways.front()->address_lists.at(0).listed, "127.0.0.2 x");
  ASSERT_EQ(survey.ways.front()->name_lists.size(), 2u);
  EXPECT_EQ(survey.ways.front()->name_lists.at(0).listed, "");
  EXPECT_EQ(survey.ways.front()->name_lists.at(1).subject, "p.example.org");
  EXPECT_EQ(survey.ways.front()->name_lists.at(1).listed, "127.0.0.2 y");

  config.egress_check.blocklists = false;
  EXPECT_TRUE(SurveyEgress(config, **dns, deadline).lists.empty());
}

TEST(EgressSurvey, KnowsNothingOfAWayThatWasNotAsked) {
  const Config config = ConfigWith("192.0.2.10", "mail.example.org");
  const auto way = EgressSurvey().Find(config.egress.front(),
                                       config.egress.front().addresses.front());
  ASSERT_NE(way, nullptr);
  EXPECT_EQ(way->ptr_status, DnsStatus::kTempError);
  EXPECT_EQ(way->helo_status, DnsStatus::kTempError);
  EXPECT_EQ(way->confirmation, Confirmation::kUnknown);
}

TEST(HeloFault, FindsWhatIsNoName) {
  for (const char* name : {"", "mail", "192.0.2.1", "2001:db8::1", "localhost",
                           "localhost.localdomain", "ma_il.example.org",
                           "[192.0.2.999]", "[2001:db8::1]", "[IPv6:192.0.2.1]",
                           "-.example..org", "mail example.org"})
    EXPECT_NE(HeloFault(name), "") << name;
  for (const char* name :
       {"mail.example.org", "[192.0.2.1]", "[IPv6:2001:db8::1]"})
    EXPECT_EQ(HeloFault(name), "") << name;
}

TEST(IsGenericName, KnowsNamesMadeFromTheAddress) {
  const IpAddress v4 = *IpAddress::Parse("192.0.2.10");
  for (const char* name :
       {"192-0-2-10.provider.example", "10.2.0.192.static.provider.example",
        "host192000002010.provider.example", "ipc000020a.provider.example",
        "mail.dsl.provider.example", "p4fd0.dip.provider.example",
        "dialup-7.provider.example"})
    EXPECT_TRUE(IsGenericName(name, v4)) << name;
  for (const char* name :
       {"mail.example.org", "mx10.example.org", "out-2.mail.example.org",
        "mail.dynamic.com", "pooling.example.org", "a1b2c3.example.org"})
    EXPECT_FALSE(IsGenericName(name, v4)) << name;
  const IpAddress v6 = *IpAddress::Parse("2001:db8::1:2:3:4");
  EXPECT_TRUE(IsGenericName("2001-db8-0-0-0001-0002-0003-0004.p.example", v6));
  EXPECT_FALSE(IsGenericName("mail.example.org", v6));
}

}  // namespace
}  // namespace postern
