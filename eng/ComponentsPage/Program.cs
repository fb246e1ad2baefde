using MlComponents;
using MlComponents.Documentation;
using MlComponents.Reporting;

// The page is written to the checkout that this program was built from.
var root = new DirectoryInfo(AppContext.BaseDirectory);
while (!File.Exists(Path.Combine(root.FullName, "MlComponents.sln")))
    root = root.Parent ?? throw new DirectoryNotFoundException("There is no MlComponents.sln in any folder above this program.");

var path = Path.Combine(root.FullName, ComponentsPage.RelativePath);
Directory.CreateDirectory(Path.GetDirectoryName(path)!);
File.WriteAllText(path, ComponentsPage.Render(ComponentRegistry.CreateBuiltIn().AddReporting()));
Console.WriteLine(path);
