if (args is ["ensure"])
    EnsureLoaded();

Console.WriteLine($"sum {ones(3).sum().item<float>()}");

// In a method of its own: a use of our assembly in Main would register the loader there, which is what the other way is to show.
static void EnsureLoaded()
{
    try
    {
        MlComponents.NativeLibraries.EnsureLoaded();
    }
    catch (DllNotFoundException e)
    {
        Console.WriteLine($"refused: {e.Message}");
        Environment.Exit(3);
    }
}
