// What clients send that speak XML, as Intuit's own do where nothing else is asked of them.
#include <catch2/catch_test_macros.hpp>

#include "native/sandbox/accounting/xml.hpp"
#include "native/sandbox/text/escape.hpp"
#include "sandbox_writer.hpp"

namespace rekey::sandbox_xml_test {

using namespace rekey::sandbox;
using nlohmann::json;

namespace {

const std::string finance = "http://schema.intuit.com/finance/v3";

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const auto start = text.find(from);
  if (start == text.npos) return "";
  const auto inside = start + from.size();
  return text.substr(inside, text.find(to, inside) - inside);
}

}  // namespace

TEST_CASE("xml: a customer sent as XML is written and answered as XML", "[sandbox]") {
  Writer writer;
  // A prefix of the client's choice, as Intuit's client for PHP has it; characters that are
  // escaped.
  const auto answer = writer.post_xml(
      "customer",
      "<?xml version=\"1.0\"?><ns0:Customer xmlns:ns0=\"" + finance +
          "\"><ns0:DisplayName>Tarn &amp; Co &#233;</ns0:DisplayName>"
          "<ns0:Notes><![CDATA[a < b]]></ns0:Notes><ns0:Taxable>true</ns0:Taxable>"
          "<ns0:PrimaryEmailAddr><ns0:Address>t@mail.example</ns0:Address></ns0:PrimaryEmailAddr>"
          "<ns0:BillAddr><ns0:Line1>1 Lane</ns0:Line1><ns0:PostalCode>01234</ns0:PostalCode>"
          "</ns0:BillAddr><ns0:ParentRef name=\"any\">1</ns0:ParentRef>"
          "<ns0:CustomField><ns0:DefinitionId>1</ns0:DefinitionId></ns0:CustomField>"
          "</ns0:Customer>");
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  CHECK(answer.headers.get("content-type")->starts_with("application/xml"));
  const json read = writer.read("customer/" + between(answer.body, "<Id>", "</Id>"))["Customer"];
  CHECK(read["DisplayName"] == "Tarn & Co \u00e9");
  CHECK(read["Notes"] == "a < b");
  CHECK(read["Taxable"] == true);
  CHECK(read["PrimaryEmailAddr"] == json{{"Address", "t@mail.example"}});
  CHECK(read["BillAddr"] == json{{"Line1", "1 Lane"}, {"PostalCode", "01234"}});
  CHECK(read["ParentRef"]["value"] == "1");
  CHECK(read["ParentRef"]["name"] == writer.read("customer/1")["Customer"]["FullyQualifiedName"]);
  CHECK(read["CustomField"] == json::array({{{"DefinitionId", "1"}}}));
}

TEST_CASE("xml: a sparse update leaves what was not sent, and xsi:nil empties", "[sandbox]") {
  Writer writer;
  const json made =
      writer.made("customer", {{"DisplayName", "Odo Wex"}, {"Notes", "n"}, {"CompanyName", "Wex"}});
  const auto answer = writer.post_xml(
      "customer", "<Customer xmlns=\"" + finance +
                      "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" domain=\"QBO\""
                      " sparse=\"true\"><Id>" +
                      made["Id"].get<std::string>() +
                      "</Id><SyncToken>0</SyncToken><CompanyName xsi:nil=\"true\"/></Customer>");
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  CHECK(answer.body.find("sparse=\"false\"") != std::string::npos);
  const json after = writer.read("customer/" + made["Id"].get<std::string>())["Customer"];
  CHECK(after["Notes"] == "n");
  CHECK(after["SyncToken"] == "1");
  CHECK(!after.contains("CompanyName"));
}

TEST_CASE("xml: numbers, switches and lists are what they are in JSON", "[sandbox]") {
  const json record = record_from_xml(
      "\xef\xbb\xbf <Item><UnitPrice>12.50</UnitPrice><Taxable>false</Taxable>"
      "<IncomeAccountRef name=\"Sales\">31</IncomeAccountRef>"
      "<CustomField><Name>a</Name></CustomField><CustomField><Name>b</Name></CustomField>"
      "<ItemGroupDetail><ItemGroupLine><Qty>1</Qty><ItemRef>4</ItemRef></ItemGroupLine>"
      "<ItemGroupLine><Qty>2</Qty></ItemGroupLine></ItemGroupDetail></Item>",
      Entity::item);
  CHECK(record == json{{"UnitPrice", "12.50"},
                       {"Taxable", "false"},
                       {"IncomeAccountRef", {{"value", "31"}, {"name", "Sales"}}},
                       {"CustomField", {{{"Name", "a"}}, {{"Name", "b"}}}},
                       {"ItemGroupDetail",
                        {{"ItemGroupLine",
                          {{{"Qty", "1"}, {"ItemRef", {{"value", "4"}}}}, {{"Qty", "2"}}}}}}});
  Writer writer;
  const auto account = writer.rows("select * from Account where AccountType = 'Income'");
  const std::string income = account["Account"][0]["Id"];
  const auto answer =
      writer.post_xml("item",
                      "<Item><Name>Lamp</Name><UnitPrice>12.50</UnitPrice><Taxable>false</Taxable>"
                      "<IncomeAccountRef>" +
                          income + "</IncomeAccountRef></Item>");
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  const json item = writer.read("item/" + between(answer.body, "<Id>", "</Id>"))["Item"];
  CHECK(item["UnitPrice"] == 12.5);
  CHECK(item["Taxable"] == false);
  CHECK(item["IncomeAccountRef"]["name"] == account["Account"][0]["FullyQualifiedName"]);
}

TEST_CASE("xml: what cannot be read is told with 2010, and nothing is written", "[sandbox]") {
  Writer writer;
  const int before = writer.rows("select count(*) from Customer")["totalCount"];
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  for (const std::string& body :
       {std::string("<Customer><DisplayName>x</Customer>"),
        std::string("<Vendor><DisplayName>x</DisplayName></Vendor>"), std::string("<"),
        "<Customer>" + deep,
        std::string("<Customer><DisplayName>x</DisplayName><Odd>1</Odd></Customer>"),
        // Entities of a document's own are not expanded.
        std::string("<!DOCTYPE Customer [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>"
                    "<Customer><DisplayName>x</DisplayName><Notes>&a;</Notes><Odd/></Customer>")}) {
    const auto answer = writer.post_xml("customer", body);
    INFO(answer.body);
    CHECK(answer.status == 400);
    CHECK(answer.body.find("<Error code=\"2010\"") != std::string::npos);
  }
  CHECK(writer.rows("select count(*) from Customer")["totalCount"] == before);
  const json named = record_from_xml(
      "<!DOCTYPE Customer [<!ENTITY a SYSTEM \"file:///etc/hostname\"><!ENTITY b \"bb\">]>"
      "<Customer><Notes>&a;&b;</Notes><Title>&#xD800;\xff</Title></Customer>",
      Entity::customer);
  // An attribute under the name of a list.
  CHECK(record_from_xml("<Item CustomField=\"x\"><CustomField><Name>a</Name></CustomField></Item>",
                        Entity::item)["CustomField"]
            .is_array());
  CHECK(named["Notes"] == "&a;&b;");
  CHECK(json::accept(named.dump()));
}

TEST_CASE("xml: a batch of queries and writes is read and answered", "[sandbox]") {
  Writer writer;
  const auto answer = writer.post_xml(
      "batch",
      "<ns0:IntuitBatchRequest xmlns:ns0=\"" + finance +
          "\"><ns0:BatchItemRequest bId=\"a\" operation=\"Create\"><ns0:Customer>"
          "<ns0:DisplayName>Batch One</ns0:DisplayName></ns0:Customer>"
          "</ns0:BatchItemRequest><ns0:BatchItemRequest bId=\"b\"><ns0:Query>select * from "
          "Term</ns0:Query></ns0:BatchItemRequest><ns0:BatchItemRequest bId=\"c\" "
          "operation=\"create\"><ns0:Vendor><ns0:DisplayName>batch one</ns0:DisplayName>"
          "</ns0:Vendor></ns0:BatchItemRequest></ns0:IntuitBatchRequest>");
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  CHECK(answer.body.find("<BatchItemResponse bId=\"a\"><Customer ") != std::string::npos);
  CHECK(answer.body.find("<BatchItemResponse bId=\"b\"><QueryResponse ") != std::string::npos);
  CHECK(answer.body.find("<BatchItemResponse bId=\"c\"><Fault type=\"ValidationFault\">"
                         "<Error code=\"6240\"") != std::string::npos);
  CHECK(writer.post_xml("batch", "<Batch/>").status == 400);
}

TEST_CASE("api: records become XML with references and marks as Intuit writes them", "[sandbox]") {
  const json record = {{"Id", "5"},
                       {"domain", "QBO"},
                       {"sparse", false},
                       {"ParentRef", {{"value", "2"}, {"name", "A & B"}}},
                       {"Line", {{{"n", 1}}, {{"n", 2.5}}}}};
  CHECK(to_xml("Customer", record) ==
        "<Customer domain=\"QBO\" sparse=\"false\"><Id>5</Id><Line><n>1</n></Line><Line><n>2.5</n>"
        "</Line><ParentRef name=\"A &amp; B\">2</ParentRef></Customer>");
}

TEST_CASE("xml: what a request holds stays well-formed, though it is no text XML knows",
          "[sandbox]") {
  // Not UTF-8, a character that XML leaves out, and one that may not stand as it is.
  CHECK(escape_xml("a\xff\xc3|\xef\xbf\xbf|\x01<") ==
        "a\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd| &lt;");
  CHECK(escape_xml("Zo\xc3\xab \xf0\x9f\x9a\xb2") == "Zo\xc3\xab \xf0\x9f\x9a\xb2");
  CHECK(to_xml("A", {{"b c", 1}, {"", 2}, {"<", 3}, {"D", 4}}) == "<A><D>4</D></A>");
}

}  // namespace rekey::sandbox_xml_test
