package org.pgrehearse.reports.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.testkit.Verifications;
import org.pgrehearse.reports.testkit.WholeRun;
import org.pgrehearse.verifier.Verdict;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

final class JunitReportTest {
    @Test
    void each_expectation_table_and_sequence_is_a_case() throws Exception {
        Document suite = parse(new JunitReport().of(Judge.judge(WholeRun.failing())));
        assertThat(cases(suite)).hasSize(11 + 3 + 2 + 2 + 1 + 1);
        assertThat(named(suite, "lost-writes = 0", "failure").getAttribute("message"))
                .isEqualTo("observed 16");
        assertThat(named(suite, "public.orders", "failure").getTextContent())
                .contains("changed id=777: amount: 111.00 → 112.00")
                .contains("alert(1)");
        assertThat(named(suite, "verdict", "failure").getAttribute("message"))
                .isEqualTo("Expected lost-writes = 0, observed 16 (and 5 more reasons).");
        Element element = (Element) suite.getElementsByTagName("testsuite").item(0);
        assertThat(element.getAttribute("failures"))
                .isEqualTo(String.valueOf(suite.getElementsByTagName("failure").getLength()));
        assertThat(element.getAttribute("errors"))
                .isEqualTo(String.valueOf(suite.getElementsByTagName("error").getLength()));
        assertThat(element.getAttribute("tests")).isEqualTo("20");
    }

    @Test
    void what_is_inconclusive_is_an_error() throws Exception {
        Document suite = parse(new JunitReport().of(Verifications.of(Verdict.INCONCLUSIVE, Verdict.CONSISTENT)));
        assertThat(named(suite, "public.orders", "error").getAttribute("message"))
                .isEqualTo("permission denied (42501)");
        assertThat(named(suite, "verdict", "error").getAttribute("type")).isEqualTo("inconclusive");
    }

    @Test
    void what_passed_has_neither() throws Exception {
        Document suite = parse(new JunitReport().of(Judge.judge(WholeRun.passing())));
        assertThat(suite.getElementsByTagName("failure").getLength()).isZero();
        assertThat(suite.getElementsByTagName("error").getLength()).isZero();
    }

    @Test
    void no_value_breaks_the_file() throws Exception {
        String nasty = "]]>\u0000\u0001\ud800\ufffe<&>\"'\n\t\u2028";
        Document suite = parse(new JunitReport().of(Verifications.everything(nasty)));
        assertThat(named(suite, "index public.orders_ref_idx", "failure").getTextContent())
                .contains("]]>\\u{0}\\u{1}\\u{d800}\\u{fffe}<&>\"'\n\t");
    }

    private static Document parse(String xml) throws ParserConfigurationException, SAXException, IOException {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(UTF_8)));
    }

    private static List<Element> cases(Document suite) {
        NodeList nodes = suite.getElementsByTagName("testcase");
        List<Element> cases = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            cases.add((Element) nodes.item(i));
        }
        return cases;
    }

    private static Element named(Document suite, String name, String child) {
        Element found = cases(suite).stream()
                .filter(each -> each.getAttribute("name").equals(name))
                .findFirst()
                .orElseThrow();
        return (Element) found.getElementsByTagName(child).item(0);
    }
}
