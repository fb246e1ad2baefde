// Publicizer <folder> <assembly>...: writes compile-time copies of assemblies whose internal types and members are public.
using MlComponents.Build;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: Publicizer <folder> <assembly>...");
    return 1;
}

Directory.CreateDirectory(args[0]);
foreach (var source in args[1..])
    File.WriteAllBytes(Path.Combine(args[0], Path.GetFileName(source)), PublicizedAssembly.From(File.ReadAllBytes(source)));
return 0;
