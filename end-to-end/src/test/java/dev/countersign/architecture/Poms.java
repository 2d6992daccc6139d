package dev.countersign.architecture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// What the poms say about our modules.
final class Poms {

  private Poms() {}

  /// The directories that the root pom lists as modules.
  static List<String> modules() {
    return children(root("pom.xml"), "modules", "module").stream()
        .map(Element::getTextContent)
        .toList();
  }

  /// Our own modules that a module depends on in any scope.
  static List<String> dependencies(String module) {
    return ours(module).map(dependency -> text(dependency, "artifactId")).toList();
  }

  /// Our own modules that a module depends on in any scope but `test`.
  static List<String> shippedDependencies(String module) {
    return ours(module)
        .filter(dependency -> !text(dependency, "scope").equals("test"))
        .map(dependency -> text(dependency, "artifactId"))
        .toList();
  }

  private static Stream<Element> ours(String module) {
    return children(root(module + "/pom.xml"), "dependencies", "dependency").stream()
        .filter(dependency -> text(dependency, "groupId").equals("dev.countersign"));
  }

  private static Element root(String pom) {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(BuiltClasses.ROOT.resolve(pom).toFile())
          .getDocumentElement();
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new IllegalStateException("cannot read " + Path.of(pom), e);
    }
  }

  /// The elements `item` of the list `list` directly under `parent`.
  private static List<Element> children(Element parent, String list, String item) {
    return elements(parent, list).stream().flatMap(l -> elements(l, item).stream()).toList();
  }

  private static List<Element> elements(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    NodeList nodes = parent.getChildNodes();
    for (int i = 0; i < nodes.getLength(); i++) {
      if (nodes.item(i) instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  private static String text(Element parent, String name) {
    return elements(parent, name).stream()
        .map(Element::getTextContent)
        .map(String::strip)
        .findFirst()
        .orElse("");
  }
}
