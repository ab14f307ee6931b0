#include "policy/config/options.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/config/load.h"
#include "policy/config/toml.h"
#include "policy/config/value_type.h"

namespace postern {
namespace {

// A new instance of the struct that an option of this path belongs to.
struct Instances {
  Config config;
  EgressRoute route;
  SigningDomain domain{.domain = *Domain::Parse("example.com")};
  SigningKey key;
  CheckPolicy policy;
  LimitRule limit;
  SenderRule sender_rule;
  MasqueradeRule masquerade{.inside = *Domain::Parse("corp.internal"),
                            .outside = {}};
  StreamConfig stream;
  WarmUpConfig warm_up;

  Owner For(std::string_view path) {
    if (path.starts_with("egress.<")) return &route;
    if (path.contains(".keys[].")) return &key;
    if (path.starts_with("signing.domains.")) return &domain;
    if (path.starts_with("from.masquerade.")) return &masquerade;
    if (path.contains("checks.<")) return &policy;
    if (path.starts_with("streams.")) return &stream;
    if (path.starts_with("limits[]")) return &limit;
    if (path.starts_with("warm_up.")) return &warm_up;
    if (path.starts_with("senders.rules.")) return &sender_rule;
    return &config;
  }
};

Faults Read(const Option& option, std::string_view value, Slot slot) {
  const auto table = ParseToml("k = " + std::string(value), "t");
  if (!table) return {table.error()};
  return ReadValue(table->at(0).node, option, slot, "/");
}

TEST(Options, HaveEachPathOnce) {
  std::set<std::string_view> paths;
  for (const Option& option : Options())
    EXPECT_TRUE(paths.insert(option.path).second) << option.path;
}

TEST(Options, SayTheSameDefaultAsTheStructs) {
  for (const Option& option : Options()) {
    if (option.value.empty()) continue;
    Instances instances;
    EXPECT_EQ(PrintValue(option, option.slot(instances.For(option.path))),
              option.value)
        << option.path;
  }
}

TEST(Options, HaveReadableDefaultsAndExamples) {
  for (const Option& option : Options()) {
    for (const std::string_view value : {option.value, option.example}) {
      if (value.empty()) continue;
      Instances instances;
      const Faults faults =
          Read(option, value, option.slot(instances.For(option.path)));
      EXPECT_TRUE(faults.empty()) << option.path << ToString(faults);
    }
    EXPECT_FALSE(option.value.empty() && option.example.empty()) << option.path;
  }
}

TEST(Options, PrintTheirExamplesAsTheyAreRead) {
  for (const Option& option : Options()) {
    if (option.example.empty() || option.type == &kPath) continue;
    Instances instances;
    const Slot slot = option.slot(instances.For(option.path));
    (void)Read(option, option.example, slot);
    EXPECT_EQ(PrintValue(option, slot), option.example) << option.path;
  }
}

TEST(Options, RefuseEveryForeignShape) {
  for (const Option& option : Options()) {
    for (const std::string_view value :
         {"1979-05-27", "{a = 1}", "[[1]]", "[{a = 1}]"}) {
      Instances instances;
      const Slot slot = option.slot(instances.For(option.path));
      EXPECT_FALSE(Read(option, value, slot).empty())
          << option.path << " " << value;
    }
  }
}

TEST(Options, RefuseControlCharactersAndLongTexts) {
  for (const Option& option : Options()) {
    if (option.type->shape != Shape::kText) continue;
    const bool is_list = option.type->plurality == Plurality::kList;
    for (const std::string& text :
         {std::string("\"a\\u0000b\""), std::string("\"a\\nb\""),
          std::string("\"a\\rb\""), '"' + std::string(5000, 'a') + '"'}) {
      Instances instances;
      const Slot slot = option.slot(instances.For(option.path));
      EXPECT_FALSE(
          Read(option, is_list ? "[" + text + "]" : text, slot).empty())
          << option.path;
    }
  }
}

TEST(Options, AreDocumentedInOneSentence) {
  for (const Option& option : Options()) {
    EXPECT_TRUE(option.doc.ends_with('.')) << option.path;
    EXPECT_LT(option.doc.size(), 200U) << option.path;
  }
}

TEST(Groups, NameACheckThatExists) {
  const Group* group = FindGroup(ConfigSchema(), "checks");
  ASSERT_NE(group, nullptr);
  EXPECT_TRUE(std::ranges::any_of(
      Catalogue(), [&](const Check* c) { return c->id == group->example; }));
}

TEST(ChildrenOf, AreOptionsSectionsAndGroups) {
  const auto children = ChildrenOf(ConfigSchema(), "signing");
  EXPECT_EQ(children, (std::vector<std::string>{
                          "enabled", "mta_keeps_body", "unsigned", "headers",
                          "oversign", "expiry", "fallback_domain", "key_table",
                          "signing_table", "multiple_signatures",
                          "self_check_first", "self_check_share", "domains"}));
  EXPECT_TRUE(ChildrenOf(ConfigSchema(), "no.such").empty());
  EXPECT_TRUE(ChildrenOf(ConfigSchema(), "mode").empty());
}

}  // namespace
}  // namespace postern
